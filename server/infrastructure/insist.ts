import { setTimeout as pause } from "node:timers/promises";
import { isStoreAway } from "../errors.ts";

const pauseMs = 250;

/**
 * Does `work`, which may be done twice, again while MongoDB is away or changes its primary: for
 * `longestMs` at most, and not once `signal` has fired.
 */
export async function insist<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  longestMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    try {
      return await work();
    } catch (err) {
      if (!isStoreAway(err) || signal.aborted || Date.now() > deadline) throw err;
      await pause(pauseMs, undefined, { signal });
    }
  }
}
