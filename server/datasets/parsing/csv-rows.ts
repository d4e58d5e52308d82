import { isUtf8 } from "node:buffer";
import type { Delimiter } from "../../../protocol/datasets.ts";
import { createRest } from "./csv-rest.ts";
import { type CsvRow, createCsvRow } from "./csv-row.ts";
import { type Outcome, tokenise } from "./csv-tokeniser.ts";
import { maxRowBytes, rawBytes } from "./limits.ts";
import {
  countLines,
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

/** `cells` holds the cells of a row that isn't rejected; `expect` sets how many each must have. */
export type CsvRows = Rows & { cells: CsvRow; expect: (width: number) => void };

const refused = {
  too_large: rejections.tooLarge,
  quote_text: rejections.quoteText,
  open_quote: rejections.openQuote,
} as const;

/** The rows of a CSV file from `from` on, where the window begins; `capacity` and `limit` as in createCsvRow. */
export function createCsvRows(
  window: Window,
  from: Place,
  delimiter: Delimiter,
  capacity: number,
  limit = maxRowBytes,
): CsvRows {
  const cells = createCsvRow(delimiter, capacity, limit);
  const place = { ...from };
  const found: FoundRow = { number: 0, line: 0, rejection: null, raw: "", whole: null };
  const rest = createRest(window, delimiter, limit);
  let width = 0;

  function next(): Step {
    if (rest.pending()) return skipRest();
    if (!skipBlankLines(window, place)) return window.atEnd ? "end" : "more";
    const { bytes, start, end, atEnd } = window;
    const outcome = tokenise(cells, bytes, start, end, atEnd);
    if (outcome === "more") return "more";
    if (outcome === "row") return accept();
    return refuse(outcome);
  }

  function accept(): Step {
    found.rejection = findFault(cells, window.bytes, width);
    if (found.rejection) keepText(found, window.bytes, cells.start, cells.end);
    found.line = place.line;
    return advance(cells.next, cells.lines);
  }

  function refuse(outcome: Exclude<Outcome, "row" | "more">): Step {
    const { bytes, start, end, atEnd } = window;
    // The whole text first, wherever the chunks end; the other faults lie far behind it.
    const mayBeShort = outcome === "quote_text" && cells.next < 0 && !atEnd;
    if (mayBeShort && end - start < Math.max(rawBytes, limit + 2)) return "more";
    found.rejection = refused[outcome];
    const isEndKnown = cells.next >= 0 || (atEnd && cells.end === end);
    const isWhole = isEndKnown && outcome !== "too_large" && cells.end - start <= limit;
    if (isWhole) keepText(found, bytes, start, cells.end);
    else [found.raw, found.whole] = [rawText(bytes, start, cells.end), null];
    found.line = place.line;
    if (cells.next >= 0) return advance(cells.next, countLines(bytes, start, cells.next));
    place.line += countLines(bytes, start, cells.resume);
    window.start = cells.resume;
    rest.begin(outcome === "too_large" ? "cell" : "line");
    return skipRest();
  }

  function skipRest(): Step {
    const lines = rest.skip();
    place.line += lines;
    return rest.pending() ? "more" : advance(window.start, 0);
  }

  function advance(start: number, lines: number): Step {
    window.start = start;
    place.offset = window.base + start;
    place.line += lines;
    place.row += 1;
    found.number = place.row;
    return "row";
  }

  async function fill(): Promise<void> {
    const moved = await window.fill();
    cells.sealed -= moved;
  }

  const expect = (cellsPerRow: number) => {
    width = cellsPerRow;
  };
  return { next, fill, place, found, cells, expect };
}

/** Moves to the next line that holds something; false where there is none among the bytes at hand. */
function skipBlankLines(window: Window, place: Place): boolean {
  const { bytes, end } = window;
  let at = window.start;
  for (;;) {
    const lineEnd = bytes[at] === 13 ? at + 1 : at;
    if (lineEnd >= end || bytes[lineEnd] !== 10) break;
    at = lineEnd + 1;
    place.line += 1;
  }
  window.start = at;
  place.offset = window.base + at;
  return at < end;
}

function findFault(row: CsvRow, bytes: Buffer, width: number): Rejection | null {
  if (row.bits > 127 && !isUtf8(bytes.subarray(row.start, row.end))) return rejections.notUtf8;
  if (row.nul) return rejections.nul;
  return width === 0 || row.cells === width ? null : wrongCount(row.cells, width);
}

export function wrongCount(cells: number, width: number): Rejection {
  const found = cells === 1 ? "1 cell" : `${cells} cells`;
  return { code: "column_count", message: `${found} instead of ${width}` };
}
