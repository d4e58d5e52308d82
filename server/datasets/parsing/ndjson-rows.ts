import { isUtf8 } from "node:buffer";
import { maxRowBytes, rawBytes } from "./limits.ts";
import { explain, findBadEscape } from "./ndjson-faults.ts";
import { createNdjsonRow, type NdjsonRow } from "./ndjson-row.ts";
import { tokeniseObject } from "./ndjson-tokeniser.ts";
import {
  type FoundRow,
  keepText,
  type Rejection,
  type Rows,
  rawText,
  rejections,
  type Step,
} from "./rows.ts";
import type { Place } from "./seam.ts";
import type { Window } from "./window.ts";

/** `row` holds the members of a row that isn't rejected. */
export type NdjsonRows = Rows & { row: NdjsonRow };

/** The rows of an NDJSON file from `from` on, where the window begins. */
export function createNdjsonRows(window: Window, from: Place): NdjsonRows {
  const place = { ...from };
  const found: FoundRow = { number: 0, line: 0, rejection: null, raw: "", whole: null };
  const row = createNdjsonRow();
  let skipping = false;

  function next(): Step {
    for (;;) {
      if (skipping) return skipLine();
      const { bytes, start, end, atEnd } = window;
      if (start === end && atEnd) return "end";
      const lineEnd = findLineEnd(bytes, start, end);
      if (lineEnd < 0 && end - start > maxRowBytes + 1) return beginSkipping();
      if (lineEnd < 0 && !atEnd) return "more";
      const stop = lineEnd < 0 ? end : lineEnd;
      const after = lineEnd < 0 ? end : lineEnd + 1;
      if (!isBlank(bytes, start, stop)) return accept(start, stop, after);
      pass(after);
    }
  }

  function accept(start: number, stop: number, after: number): Step {
    const { bytes } = window;
    const textEnd = after > stop && stop > start && bytes[stop - 1] === 13 ? stop - 1 : stop;
    found.rejection = readRow(row, bytes, start, textEnd);
    if (found.rejection) keepText(found, bytes, start, textEnd);
    if (found.rejection === rejections.tooLarge) found.whole = null;
    found.line = place.line;
    pass(after);
    return arrive();
  }

  function beginSkipping(): Step {
    found.rejection = rejections.tooLarge;
    found.raw = rawText(window.bytes, window.start, window.start + rawBytes);
    found.whole = null;
    found.line = place.line;
    skipping = true;
    return skipLine();
  }

  /** Drops the line as it comes, so that memory stays flat. */
  function skipLine(): Step {
    const lineEnd = findLineEnd(window.bytes, window.start, window.end);
    skipping = lineEnd < 0 && !window.atEnd;
    pass(lineEnd < 0 ? window.end : lineEnd + 1, lineEnd < 0 ? 0 : 1);
    return skipping ? "more" : arrive();
  }

  function pass(start: number, lines = 1): void {
    window.start = start;
    place.offset = window.base + start;
    place.line += lines;
  }

  function arrive(): Step {
    place.row += 1;
    found.number = place.row;
    return "row";
  }

  const fill = async () => {
    await window.fill();
  };
  return { next, fill, place, found, row };
}

/** Behind `end` there may be bytes of old: a line end among them is none. */
function findLineEnd(bytes: Buffer, start: number, end: number): number {
  const at = bytes.indexOf(10, start);
  return at < end ? at : -1;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13)) at += 1;
  return at === end;
}

function readRow(row: NdjsonRow, bytes: Buffer, start: number, end: number): Rejection | null {
  if (end - start > maxRowBytes) return rejections.tooLarge;
  // Also refuses a NUL, as any control character.
  const isFitting = tokeniseObject(row, bytes, start, end);
  if (isFitting && row.bits < 128 && !row.hasUnicodeEscape) return null;
  const line = bytes.subarray(start, end);
  if (!isUtf8(line)) return rejections.notUtf8;
  if (isFitting && !row.hasUnicodeEscape) return null;
  if (!isFitting && line.includes(0)) return rejections.nul;
  const text = line.toString();
  return isFitting ? findBadEscape(text) : explain(text);
}
