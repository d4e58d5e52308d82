import { addCell, beginRow, type CsvRow } from "./csv-row.ts";

const nul = 0;
const lf = 10;
const cr = 13;
const quote = 34;

/** `more`: the row's end lies beyond the bytes at hand; read it afresh once there are more. */
export type Outcome = "row" | "more" | "too_large" | "quote_text" | "open_quote";

/**
 * Splits the row at `start` into cells (RFC 4180; a CR alone is data, quotes open a cell only as its
 * first byte). A refused row has its end in `next`, or -1 there and in `resume` where to skip on.
 *
 *     start of a cell --- " ---> quoted --- " ---> after quote --- " ---> quoted (a doubled quote)
 *       |                          |                  |--- delimiter ---> start of a cell
 *       | anything else            | end: open_quote  |--- LF, CR LF, end ---> row
 *       v                                             '--- anything else ---> quote_text
 *     plain --- delimiter ---> start of a cell
 *       '--- LF, CR LF, end ---> row
 *
 * From each of them over the limit is `too_large`, and at the last byte at hand, unless it's the file's, `more`.
 */
export function tokenise(
  row: CsvRow,
  bytes: Buffer,
  start: number,
  end: number,
  atEnd: boolean,
): Outcome {
  beginRow(row, start);
  for (;;) {
    const outcome =
      row.at < end && bytes[row.at] === quote
        ? readQuoted(row, bytes, row.at, end, atEnd)
        : readPlain(row, bytes, row.at, end, atEnd);
    if (outcome === "cell") continue;
    if (outcome !== "row" || !row.jumped) return outcome;
    // The row closes after a jump: its cells are still to be found.
    row.sealed = 0;
    beginRow(row, start);
  }
}

type CellOutcome = Outcome | "cell";

function readPlain(
  row: CsvRow,
  bytes: Buffer,
  start: number,
  end: number,
  atEnd: boolean,
): CellOutcome {
  const delimiter = row.delimiter;
  const bound = row.start + row.limit + 2;
  const stop = Math.min(end, bound);
  let bits = row.bits;
  let at = start;
  for (; at < stop; at += 1) {
    const byte = bytes[at] as number; // `stop` lies within the bytes
    if (byte === delimiter || byte === lf) break;
    if (byte === nul) row.nul = true;
    bits |= byte;
  }
  row.bits = bits;
  row.looked += at - start + 1;
  if (at === stop) {
    if (stop === bound) return skipFrom(row, at === start ? at - 1 : at);
    if (!atEnd) return "more";
    addCell(row, start, at, 0);
    return endRow(row, at, at);
  }
  if (bytes[at] === delimiter) {
    addCell(row, start, at, 0);
    row.at = at + 1;
    return "cell";
  }
  const textEnd = at > start && bytes[at - 1] === cr ? at - 1 : at;
  addCell(row, start, textEnd, 0);
  row.lines += 1;
  return endRow(row, textEnd, at + 1);
}

function readQuoted(
  row: CsvRow,
  bytes: Buffer,
  start: number,
  end: number,
  atEnd: boolean,
): CellOutcome {
  const bound = row.start + row.limit;
  if (start >= bound) return skipFrom(row, start - 1);
  const stop = Math.min(end, bound);
  let doubled = 0;
  let at = start + 1;
  for (;;) {
    at = findQuote(row, bytes, at, stop);
    if (at >= stop) return stop === bound || atEnd ? openQuote(row, bytes, at) : "more";
    if (at + 1 >= end) {
      if (!atEnd) return "more";
      break;
    }
    if (bytes[at + 1] !== quote) break;
    doubled = 1;
    at += 2;
  }
  addCell(row, start + 1, at, doubled);
  return afterQuote(row, bytes, at + 1, end, atEnd);
}

/** The next quote in `bytes[at..stop)`, or a place not before `stop`. */
function findQuote(row: CsvRow, bytes: Buffer, from: number, stop: number): number {
  let bits = row.bits;
  let at = from;
  for (; at < stop; at += 1) {
    const byte = bytes[at] as number; // `stop` lies within the bytes
    if (byte === quote) break;
    bits |= byte;
    if (byte > lf) continue;
    if (byte === nul) row.nul = true;
    if (byte !== lf) continue;
    row.lines += 1;
    if (row.firstLineEnd < 0) row.firstLineEnd = at;
    if (at >= row.sealed) continue;
    // An earlier attempt was open here too, and stayed open up to there.
    row.jumped = true;
    row.looked += at - from + 1;
    return findQuote(row, bytes, row.sealed, stop);
  }
  row.bits = bits;
  row.looked += at < from ? 0 : at - from + 1;
  return at;
}

function afterQuote(
  row: CsvRow,
  bytes: Buffer,
  at: number,
  end: number,
  atEnd: boolean,
): CellOutcome {
  if (at >= end) return endRow(row, end, end);
  const byte = bytes[at];
  if (byte === row.delimiter) {
    row.at = at + 1;
    return "cell";
  }
  const lineEnd = byte === cr ? at + 1 : at;
  if (lineEnd >= end && !atEnd) return "more";
  if (lineEnd < end && bytes[lineEnd] === lf) {
    row.lines += 1;
    return endRow(row, at, lineEnd + 1);
  }
  const found = bytes.subarray(at, end).indexOf(lf);
  row.looked += found < 0 ? end - at : found;
  endAtLine(row, bytes, found < 0 ? -1 : at + found, end, atEnd);
  return "quote_text";
}

/** A quote that never closes: the row is its first line. */
function openQuote(row: CsvRow, bytes: Buffer, at: number): Outcome {
  row.sealed = at;
  endAtLine(row, bytes, row.firstLineEnd, at, false);
  return "open_quote";
}

/** Ends a refused row at `lineEnd`, or where that is -1 leaves its end to be looked for. */
function endAtLine(row: CsvRow, bytes: Buffer, lineEnd: number, end: number, atEnd: boolean): void {
  row.resume = end;
  row.next = lineEnd >= 0 ? lineEnd + 1 : atEnd ? end : -1;
  row.end = lineEnd < 0 ? end : bytes[lineEnd - 1] === cr ? lineEnd - 1 : lineEnd;
}

function endRow(row: CsvRow, textEnd: number, next: number): Outcome {
  row.end = textEnd;
  row.next = next;
  return textEnd - row.start > row.limit ? "too_large" : "row";
}

function skipFrom(row: CsvRow, resume: number): Outcome {
  row.resume = resume;
  row.end = resume;
  return "too_large";
}
