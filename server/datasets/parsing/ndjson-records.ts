import type { AddRecord } from "./batches.ts";
import { type Member, readString } from "./ndjson-members.ts";
import type { NdjsonRows } from "./ndjson-rows.ts";
import { cellBytes, recordBytes } from "./record-size.ts";
import type { PlannedColumn, RecordDocument } from "./seam.ts";

/** Makes records of NDJSON rows, cells in the order of the row's own keys. */
export function createNdjsonRecords(rows: NdjsonRows, columns: PlannedColumn[]): AddRecord {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return (records) => {
    const document: RecordDocument = { _id: rows.found.number, c: {} };
    let size = recordBytes;
    for (const [name, member] of rows.members()) {
      const column = byName.get(name);
      if (column) size += addCell(document, column, member);
    }
    records.push(document);
    return size;
  };
}

/** Answers the most that the cell can take; a UTF-16 unit takes up to three bytes. */
function addCell(document: RecordDocument, column: PlannedColumn, member: Member): number {
  const { key } = column;
  const { kind, source } = member;
  document.c[key] = toValue(column, member);
  const size = cellBytes(key) + 8 + 3 * source.length;
  if (column.type !== "number" || kind !== "number") return size;
  if (String(document.c[key]) === source) return size;
  document.t ??= {};
  document.t[key] = source;
  return size + cellBytes(key) + source.length;
}

function toValue({ type, numeric }: PlannedColumn, { kind, source }: Member) {
  if (kind === "null") return null;
  if (type === "json" || numeric) return source;
  if (kind === "string") return readString(source);
  if (kind === "boolean") return source === "true";
  // The sum makes -0 a plain zero; its text stays beside it.
  return kind === "number" ? Number(source) + 0 : source;
}
