import type { CellValue } from "../../../protocol/datasets.ts";
import type { AddRecord } from "./batches.ts";
import { readInstant } from "./csv-dates.ts";
import { cellText } from "./csv-header.ts";
import { readInteger } from "./csv-numbers.ts";
import type { CsvRow } from "./csv-row.ts";
import type { CsvRows } from "./csv-rows.ts";
import { cellBytes, recordBytes } from "./record-size.ts";
import type { PlannedColumn, RecordDocument } from "./seam.ts";
import type { Window } from "./window.ts";

type Cells = { row: CsvRow; bytes: Buffer; ascii: string | null };

/** Makes records of CSV rows: typed values, and beside them the texts that these don't give back. */
export function createCsvRecords(
  rows: CsvRows,
  window: Window,
  columns: PlannedColumn[],
): AddRecord {
  return (records) => {
    const row = rows.cells;
    const { bytes } = window;
    // One string for the whole row; where it isn't ASCII, bytes and characters part ways.
    const ascii = row.bits < 128 ? bytes.toString("latin1", row.start, row.end) : null;
    const cells: Cells = { row, bytes, ascii };
    const document: RecordDocument = { _id: rows.found.number, c: {} };
    let size = recordBytes;
    for (let index = 0; index < columns.length; index += 1) {
      if (row.spans[2 * index] === row.spans[2 * index + 1]) continue;
      const column = columns[index];
      if (column) size += addCell(document, column, cells, index);
    }
    records.push(document);
    return size;
  };
}

function addCell(
  document: RecordDocument,
  { key, type }: PlannedColumn,
  cells: Cells,
  index: number,
): number {
  const start = cells.row.spans[2 * index] ?? 0;
  const end = cells.row.spans[2 * index + 1] ?? 0;
  if (type === "integer") {
    document.c[key] = readInteger(cells.bytes, start, end);
    return cellBytes(key) + 8;
  }
  const text = textOf(cells, index, start, end);
  if (type === "string") {
    document.c[key] = text;
    return cellBytes(key) + end - start;
  }
  const value = typedValue(type, cells, start, end, text);
  document.c[key] = value;
  if (String(value) === text) return cellBytes(key) + 24;
  document.t ??= {};
  document.t[key] = text;
  return 2 * cellBytes(key) + 24 + end - start;
}

function textOf({ row, bytes, ascii }: Cells, index: number, start: number, end: number): string {
  if (ascii === null || row.doubled[index] === 1) return cellText(row, bytes, index);
  return ascii.substring(start - row.start, end - row.start);
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
  if (type === "number") return Number(text) + 0;
  if (type !== "date" || end - start === 10) return text;
  const instant = readInstant(bytes, start, end);
  return Number.isNaN(instant) ? text : new Date(instant).toISOString();
}
