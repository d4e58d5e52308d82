import type { Column, ColumnType } from "../../../protocol/datasets.ts";
import { readInstant } from "./csv-dates.ts";
import { readNumberKind } from "./csv-numbers.ts";
import { readBoolean } from "./csv-types.ts";
import type { Rejection } from "./rows.ts";
import { FileError, type PlannedColumn } from "./seam.ts";

/** The types that the owner of a file declared, by the name of the column. */
export type DeclaredTypes = ReadonlyMap<string, ColumnType>;

export const toDeclaredTypes = (columns: readonly Column[] = []): DeclaredTypes =>
  new Map(columns.map(({ name, type }) => [name, type]));

/** Throws `column_unknown` where a type is declared for a column that the file doesn't have. */
export function refuseUnknown(declared: DeclaredTypes, names: readonly string[]): void {
  const known = new Set(names);
  for (const name of declared.keys()) {
    if (known.has(name)) continue;
    const message = `The file has no column ${JSON.stringify(name)}, whose type is declared.`;
    throw new FileError("column_unknown", message);
  }
}

/** A column of the plan: as declared, else of the type that its values have. */
export function toColumn(
  index: number,
  name: string,
  declared: DeclaredTypes,
  infer: () => Pick<PlannedColumn, "type" | "numeric">,
): PlannedColumn {
  const type = declared.get(name);
  return { key: `c${index}`, name, ...(type ? { type, declared: true } : infer()) };
}

/** Whether a type refuses some values: any text fits `string`. */
export const isStrict = ({ declared, type }: PlannedColumn): boolean =>
  declared === true && type !== "string";

const messages: Record<ColumnType, string> = {
  string: "Not text",
  integer: "Not a whole number",
  number: "Not a number that can be kept exactly",
  boolean: "Neither true nor false",
  date: "Not a date",
  json: "Not valid JSON",
};

/** Why a row with something else in this column is rejected. */
export const toMisfit = ({ name, type }: PlannedColumn): Rejection => ({
  code: "type",
  column: name,
  message: messages[type],
});

/** Whether a text, which is no JSON, has a type; `json` is for whoever reads JSON. */
export function isTextOf(type: ColumnType, bytes: Buffer, start: number, end: number): boolean {
  if (type === "integer") return readNumberKind(bytes, start, end) === "integer";
  if (type === "number") return readNumberKind(bytes, start, end) !== null;
  if (type === "boolean") return readBoolean(bytes, start, end) !== null;
  if (type === "date") return !Number.isNaN(readInstant(bytes, start, end));
  return true;
}
