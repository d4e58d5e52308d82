import type { RejectCode } from "../../../protocol/datasets.ts";
import { maxRawLength, rawBytes } from "./limits.ts";
import type { Place } from "./seam.ts";

/** `column` is the one whose cell is to blame, where it is one. */
export type Rejection = { code: RejectCode; column?: string; message: string };

/**
 * The row that was read last. `raw` and `whole` are only set with `rejection`; `whole` is null where `raw` is the
 * whole text, or where that is larger than a row may be.
 */
export type FoundRow = {
  number: number;
  line: number;
  rejection: Rejection | null;
  raw: string;
  whole: string | null;
};

/** `more`: call `fill`, then `next` again. What a row points at in the window is valid till then. */
export type Step = "row" | "more" | "end";

/** Rows one by one; `place` is where the next one begins and moves with every row. */
export type Rows = {
  next: () => Step;
  fill: () => Promise<void>;
  place: Place;
  found: FoundRow;
};

export const rejections = {
  tooLarge: { code: "too_large", message: "Larger than 1 MiB" },
  openQuote: { code: "quote", message: "A quoted cell is never closed" },
  quoteText: { code: "quote", message: "Text follows a closing quote" },
  notUtf8: { code: "encoding", message: "Not valid UTF-8" },
  nul: { code: "encoding", message: "Holds a NUL character" },
  json: { code: "json", message: "Not valid JSON" },
  tooDeep: { code: "json", message: "Nested more than 100 levels deep" },
  surrogate: { code: "json", message: "Holds one half of a surrogate pair" },
  notObject: { code: "not_object", message: "Not a JSON object" },
} as const satisfies Record<string, Rejection>;

/** Keeps the text of a rejected row: as it is shown, and whole where that isn't all of it. */
export function keepText(found: FoundRow, bytes: Buffer, start: number, end: number): void {
  found.raw = rawText(bytes, start, end);
  found.whole = mayBeCut(found.raw) ? bytes.toString("utf8", start, end) : null;
}

/** Whether there may be more of a text than its `raw`. */
export const mayBeCut = (raw: string): boolean => raw.length >= maxRawLength - 1;

/** The text of a rejected row, bad bytes as U+FFFD, cut at 4,096 UTF-16 units and never in a pair. */
export const rawText = (bytes: Buffer, start: number, end: number): string =>
  cutText(bytes.toString("utf8", start, Math.min(end, start + rawBytes)));

export function cutText(text: string): string {
  if (text.length <= maxRawLength) return text;
  const last = text.charCodeAt(maxRawLength - 1);
  const inPair = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, inPair ? maxRawLength - 1 : maxRawLength);
}

/** How many lines end in `bytes[start..end)`. */
export function countLines(bytes: Buffer, start: number, end: number): number {
  const part = bytes.subarray(start, end);
  let lines = 0;
  for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines += 1;
  return lines;
}
