import { maxRowBytes } from "./limits.ts";

const usualStep = 65_536;

/** A stretch of a file: `bytes[start..end)` is unread, `bytes[0]` stands at offset `base`. */
export type Window = {
  bytes: Buffer;
  start: number;
  end: number;
  base: number;
  atEnd: boolean;
  fill: () => Promise<number>;
  close: () => Promise<void>;
};

/**
 * A window over a source that begins at file offset `base`. `fill` reads `step` bytes at least and
 * till twice as much is unread (so that reading a row afresh stays linear), and answers by how far
 * positions moved down.
 */
export function createWindow(
  source: AsyncIterable<Uint8Array>,
  base: number,
  onBytes?: (bytesSoFar: number) => void,
  step = usualStep,
): Window {
  const chunks = source[Symbol.asyncIterator]();
  let read = 0;

  async function fill(): Promise<number> {
    const before = window.base;
    const unread = window.end - window.start;
    const wanted = Math.min(Math.max(2 * unread, step), maxRowBytes + step);
    while (!window.atEnd && window.end - window.start < wanted) {
      const { done, value } = await chunks.next();
      if (done) {
        window.atEnd = true;
      } else {
        append(window, value);
        read += value.length;
        onBytes?.(read);
      }
    }
    return window.base - before;
  }

  async function close(): Promise<void> {
    await chunks.return?.();
  }

  const bytes = Buffer.allocUnsafe(4 * step);
  const window: Window = { bytes, start: 0, end: 0, base, atEnd: false, fill, close };
  return window;
}

function append(window: Window, chunk: Uint8Array): void {
  const unread = window.end - window.start;
  if (window.end + chunk.length > window.bytes.length) {
    const needed = unread + chunk.length;
    // Room for as much again, or a long row would be moved with every chunk.
    const target = 2 * needed > window.bytes.length ? Buffer.allocUnsafe(3 * needed) : window.bytes;
    window.bytes.copy(target, 0, window.start, window.end);
    window.bytes = target;
    window.base += window.start;
    window.start = 0;
    window.end = unread;
  }
  window.bytes.set(chunk, window.end);
  window.end += chunk.length;
}
