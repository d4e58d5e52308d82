import type { CellValue, DataRecord } from "../../protocol/datasets.ts";
import type { PlannedColumn, RecordDocument } from "./parsing/seam.ts";

/** The record that clients see: every column under its name, null where the row has no value. */
export function toRecord(document: RecordDocument, columns: PlannedColumn[]): DataRecord {
  // Without a prototype even `__proto__` is an ordinary key, also for JSON.stringify.
  const values: Record<string, CellValue> = Object.create(null);
  for (const { key, name } of columns) values[name] = document.c[key] ?? null;
  return { row: document._id, values };
}
