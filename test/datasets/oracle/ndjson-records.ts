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
  const { key, type } = column;
  document.c[key] = toValue(column, member);
  if (type !== "number" || member.kind !== "number") return;
  if (String(document.c[key]) === member.source) return;
  document.t ??= {};
  document.t[key] = member.source;
}

function toValue({ type, numeric }: PlannedColumn, { kind, source }: Member) {
  if (kind === "null") return null;
  if (type === "json" || numeric) return source;
  if (kind === "string") return readString(source);
  if (kind === "boolean") return source === "true";
  // The sum makes -0 a plain zero; its text stays beside it.
  return kind === "number" ? Number(source) + 0 : source;
}
