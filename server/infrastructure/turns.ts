import { within } from "./deadline.ts";

/** A store that hangs must not hold up one call after the other. */
const longestWaitMs = 1000;

/**
 * Does work under the same key in the order of the calls, each once the one before is done or 1 s has
 * passed, within this process.
 */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();

  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const turn = before ? within(longestWaitMs, before).then(work, work) : work();
    const over = turn.catch(() => {});
    last.set(key, over);
    try {
      return await turn;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
