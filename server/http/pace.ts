import { AppError } from "../errors.ts";
import { within } from "../infrastructure/deadline.ts";

const windowMs = 30_000;

/**
 * Gives bytes on as long as they come at `minRate` bytes a second or faster over any 30 s that we wait for
 * them; else `request_timeout`. What we take to store them is not the sender's time.
 */
export async function* keepPace(
  chunks: AsyncIterable<Uint8Array>,
  minRate: number,
  longestMs = windowMs,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let isWaiting = false;
  let leftMs = longestMs;
  let missing = (minRate * longestMs) / 1000;
  try {
    for (;;) {
      const askedAt = performance.now();
      isWaiting = true;
      const { done, value } = await within(Math.max(leftMs, 1), iterator.next(), tooSlow);
      isWaiting = false;
      if (done) return;
      leftMs -= performance.now() - askedAt;
      missing -= value.length;
      if (missing <= 0) {
        leftMs = longestMs;
        missing = (minRate * longestMs) / 1000;
      }
      yield value;
    }
  } finally {
    // A source that owes us a chunk would only return once it came.
    if (!isWaiting) await iterator.return?.();
  }
}

const tooSlow = () => new AppError("request_timeout", "The upload came too slowly.");
