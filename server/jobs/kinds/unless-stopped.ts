import { once } from "node:events";

/** MongoDB goes on with what it has begun: whoever has to stop only stops waiting for it. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const done = new AbortController();
  const stopped = once(signal, "abort", { signal: done.signal }).then(() => {
    throw signal.reason;
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stopped.catch(() => {});
    done.abort();
  }
}
