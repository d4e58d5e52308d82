import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "../../support/client.ts";

const longestMs = 90_000;

/** Asks again, when the server says so, until the limit lets it through: a deployment has its limits. */
export async function patiently<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const end = Date.now() + longestMs;
  let answer = await ask();
  while (answer.status === 429 && Date.now() < end) {
    await pause(1000 * Number(answer.headers.get("Retry-After") ?? 1));
    answer = await ask();
  }
  return answer;
}

/** Waits for an end, so many ms at most; says whether it came. */
export async function endsWithin(ms: number, end: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(ms, false, { signal: timer.signal }).catch(() => false);
  const isOver = await Promise.race([end.then(() => true), late]);
  timer.abort();
  return isOver;
}

/** One after the other; gives all results in order. */
export async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>) {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
