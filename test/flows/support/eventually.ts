import { setTimeout as pause } from "node:timers/promises";

const tries = 200;
const pauseMs = 100;

/** Asks again, for at most 20 s, until the answer is wanted; gives the last answer either way. */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean) {
  let answer = await ask();
  for (let i = 1; i < tries && !isWanted(answer); i++) {
    await pause(pauseMs);
    answer = await ask();
  }
  return answer;
}
