import { isAscii, isUtf8 } from "node:buffer";
import { maxRowBytes, rawBytes } from "./limits.ts";
import { type Members, readMembers } from "./ndjson-members.ts";
import {
  type FoundRow,
  type Rejection,
  type Rows,
  rawText,
  rejections,
  type Step,
} from "./rows.ts";
import type { Place } from "./seam.ts";
import type { Window } from "./window.ts";

/** `members` are those of the row read last, unless it is rejected. */
export type NdjsonRows = Rows & { members: () => Members };

/** The rows of an NDJSON file from `from` on, where the window begins. */
export function createNdjsonRows(window: Window, from: Place): NdjsonRows {
  const place = { ...from };
  const found: FoundRow = { number: 0, line: 0, rejection: null, raw: "" };
  let members: Members = new Map();
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
    const read = readRow(bytes, start, textEnd);
    if (read instanceof Map) members = read;
    found.rejection = read instanceof Map ? null : read;
    if (found.rejection) found.raw = rawText(bytes, start, textEnd);
    found.line = place.line;
    pass(after);
    return arrive();
  }

  function beginSkipping(): Step {
    found.rejection = rejections.tooLarge;
    found.raw = rawText(window.bytes, window.start, window.start + rawBytes);
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
  return { next, fill, place, found, members: () => members };
}

function findLineEnd(bytes: Buffer, start: number, end: number): number {
  const at = bytes.subarray(start, end).indexOf(10);
  return at < 0 ? -1 : start + at;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13)) at += 1;
  return at === end;
}

function readRow(bytes: Buffer, start: number, end: number): Members | Rejection {
  if (end - start > maxRowBytes) return rejections.tooLarge;
  const line = bytes.subarray(start, end);
  const ascii = isAscii(line);
  if (!ascii && !isUtf8(line)) return rejections.notUtf8;
  if (line.includes(0)) return rejections.nul;
  return readMembers(line.toString(ascii ? "latin1" : "utf8"));
}
