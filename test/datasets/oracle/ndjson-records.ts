import type { CellValue } from "../../../protocol/datasets.ts";
import { readInstant } from "../../../server/datasets/parsing/csv-dates.ts";
import type { PlannedColumn, RecordDocument } from "../../../server/datasets/parsing/seam.ts";
import { type Member, type Members, readString } from "./ndjson-members.ts";

/** The record of an NDJSON row, cells in the order of the row's own keys. */
export function toDocument(
  row: number,
  members: Members,
  columns: readonly PlannedColumn[],
): RecordDocument {
  const document: RecordDocument = { _id: row, c: {} };
  for (const [name, member] of members) {
    const column = columns.find((planned) => planned.name === name);
    if (column) addCell(document, column, member);
  }
  return document;
}

function addCell(document: RecordDocument, column: PlannedColumn, member: Member): void {
  const { key } = column;
  const value = toValue(column, member);
  document.c[key] = value;
  if (givesBack(value, column, member)) return;
  document.t ??= {};
  document.t[key] = member.source;
}

function toValue({ type, numeric }: PlannedColumn, { kind, source }: Member): CellValue {
  if (kind === "null") return null;
  if (type === "json" || numeric) return source;
  if (kind === "string") return parse(type, readString(source));
  if (type === "string") return source;
  if (kind === "boolean") return source === "true";
  // The sum makes -0 a plain zero; its text stays beside it.
  return kind === "number" ? Number(source) + 0 : source;
}

/** A string in a column that may have been declared as something narrower. */
function parse(type: PlannedColumn["type"], text: string): CellValue {
  if (type === "integer" || type === "number") return Number(text) + 0;
  if (type === "boolean") return text.toLowerCase() === "true";
  if (type !== "date" || text.length === 10) return text;
  const bytes = Buffer.from(text);
  return new Date(readInstant(bytes, 0, bytes.length)).toISOString();
}

function givesBack(value: CellValue, column: PlannedColumn, { kind, source }: Member): boolean {
  const { type, numeric } = column;
  if (type === "json" || kind === "null" || numeric) return true;
  if (kind === "string") return value === readString(source);
  return typeof value !== "string" && String(value) === source;
}
