import { type Delimiter, delimiters } from "../../../protocol/datasets.ts";
import { createCsvRow } from "./csv-row.ts";
import { tokenise } from "./csv-tokeniser.ts";
import { maxRowBytes } from "./limits.ts";
import type { Window } from "./window.ts";

const sampleBytes = 65_536;

/**
 * The delimiter of the rows where the window stands: among those that split the first row, the one
 * by which most rows of the first 64 KiB (or the whole first row) have as many cells as the first.
 */
export async function sniffDelimiter(window: Window): Promise<Delimiter> {
  for (let size = sampleBytes; ; size *= 2) {
    while (!window.atEnd && window.end - window.start < size) await window.fill();
    const judged = delimiters.map((delimiter) => ({
      delimiter,
      ...judge(window, size, delimiter),
    }));
    const whole = window.atEnd && window.end - window.start <= size;
    if (!whole && size < maxRowBytes && judged.every(({ rows }) => rows === 0)) continue;
    let best = { delimiter: delimiters[0] as Delimiter, share: 0 };
    for (const candidate of judged) if (candidate.share > best.share) best = candidate;
    return best.delimiter;
  }
}

/** How many complete rows there are, and which share of them agrees with the first. */
function judge(window: Window, size: number, delimiter: Delimiter) {
  const { bytes, start } = window;
  const end = Math.min(window.end, start + size);
  const atEnd = window.atEnd && end === window.end;
  const row = createCsvRow(delimiter, 0);
  let rows = 0;
  let agreeing = 0;
  let header = 0;
  for (let at = start; at < end; at = row.next) {
    const outcome = tokenise(row, bytes, at, end, atEnd);
    if (outcome === "more" || row.next < 0) break;
    // A line with nothing in it is no row.
    if (row.end === at) continue;
    const cells = outcome === "row" ? row.cells : 0;
    if (rows === 0) header = cells;
    if (cells === header) agreeing += 1;
    rows += 1;
  }
  return { rows, share: header > 1 ? agreeing / rows : 0 };
}
