import type { CellValue } from "../../../protocol/datasets.ts";
import { readInstant } from "../../../server/datasets/parsing/csv-dates.ts";
import { cellText } from "../../../server/datasets/parsing/csv-header.ts";
import type { CsvRow } from "../../../server/datasets/parsing/csv-row.ts";
import type { CsvRows } from "../../../server/datasets/parsing/csv-rows.ts";
import type { PlannedColumn, RecordDocument } from "../../../server/datasets/parsing/seam.ts";
import type { Window } from "../../../server/datasets/parsing/window.ts";

type Cells = { row: CsvRow; bytes: Buffer };

/** Makes records of CSV rows: typed values, and beside them the texts that these don't give back. */
export function createCsvRecords(rows: CsvRows, window: Window, columns: PlannedColumn[]) {
  return (documents: RecordDocument[]): void => {
    const row = rows.cells;
    const { bytes } = window;
    const document: RecordDocument = { _id: rows.found.number, c: {} };
    for (const [index, column] of columns.entries()) {
      if (row.spans[2 * index] !== row.spans[2 * index + 1]) {
        addCell(document, column, { row, bytes }, index);
      }
    }
    documents.push(document);
  };
}

function addCell(
  document: RecordDocument,
  { key, type }: PlannedColumn,
  cells: Cells,
  index: number,
): void {
  const text = cellText(cells.row, cells.bytes, index);
  const start = cells.row.spans[2 * index] ?? 0;
  const end = cells.row.spans[2 * index + 1] ?? 0;
  const value = typedValue(type, cells, start, end, text);
  document.c[key] = value;
  if (String(value) === text) return;
  document.t ??= {};
  document.t[key] = text;
}

function typedValue(
  type: PlannedColumn["type"],
  { bytes }: Cells,
  start: number,
  end: number,
  text: string,
): CellValue {
  if (type === "boolean") return text.toLowerCase() === "true";
  // The sum makes -0 a plain zero; its text stays beside it.
  if (type === "integer" || type === "number") return Number(text) + 0;
  if (type !== "date" || end - start === 10) return text;
  const instant = readInstant(bytes, start, end);
  return Number.isNaN(instant) ? text : new Date(instant).toISOString();
}
