import { type RefObject, useLayoutEffect, useState } from "react";

/** What of a scrolling frame can be seen, in pixels. */
export type Viewport = { top: number; left: number; width: number; height: number };

const unknown: Viewport = { top: 0, left: 0, width: 1_600, height: 1_000 };

/** Follows what a frame shows; `key` names the frame that stands there now. */
export const useViewport = (ref: RefObject<HTMLElement | null>, key: boolean): Viewport => {
  const [viewport, setViewport] = useState(unknown);
  useLayoutEffect(() => {
    const frame = ref.current;
    if (!frame || !key) return;
    const read = () =>
      setViewport({
        top: frame.scrollTop,
        left: frame.scrollLeft,
        width: frame.clientWidth,
        height: frame.clientHeight,
      });
    // Before the first painting, so that no column is seen to change its width.
    read();
    const resized = new ResizeObserver(read);
    resized.observe(frame);
    frame.addEventListener("scroll", read, { passive: true });
    return () => {
      resized.disconnect();
      frame.removeEventListener("scroll", read);
    };
  }, [ref, key]);
  return viewport;
};

/** Part of a line of things: from the first to before the last, with the lengths left out on either side. */
export type Span = { first: number; last: number; before: number; after: number };

/** Which of `sizes`, laid end to end, lie between `from` and `to`, with one more on either side. */
export const findSpan = (sizes: readonly number[], from: number, to: number): Span => {
  let at = 0;
  let first = 0;
  let before = 0;
  let last = 0;
  let seen = 0;
  for (const [index, size] of sizes.entries()) {
    if (at + size <= from) {
      first = index;
      before = at;
    }
    if (at < to) {
      last = Math.min(index + 2, sizes.length);
    }
    at += size;
  }
  for (const size of sizes.slice(0, last)) seen += size;
  return { first, last, before, after: at - seen };
};
