import type { Delimiter } from "../../../protocol/datasets.ts";
import { cellText } from "../parsing/csv-header.ts";
import { createCsvRow } from "../parsing/csv-row.ts";
import { tokenise } from "../parsing/csv-tokeniser.ts";

/** Text that reads as exactly these cells again (RFC 4180), without a line end; quotes only where they are needed. */
export function toCsvLine(cells: readonly string[], delimiter: Delimiter): string {
  // A line with nothing in it would be no row.
  if (cells.length === 1 && cells[0] === "") return '""';
  const isPlain = (cell: string) => !/["\r\n]/.test(cell) && !cell.includes(delimiter);
  return cells
    .map((cell) => (isPlain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`))
    .join(delimiter);
}

const usualCells = 500;

/** Splits texts of rows into their cells; null for what isn't one whole row. */
export function createSplitter(delimiter: Delimiter): (text: string) => string[] | null {
  let row = createCsvRow(delimiter, usualCells);

  return (text) => {
    const bytes = Buffer.from(text);
    const read = () => {
      row.sealed = 0;
      return tokenise(row, bytes, 0, bytes.length, true);
    };
    if (read() !== "row" || row.next !== bytes.length) return null;
    if (row.cells > row.doubled.length) {
      row = createCsvRow(delimiter, row.cells);
      read();
    }
    return Array.from({ length: row.cells }, (_, index) => cellText(row, bytes, index));
  };
}
