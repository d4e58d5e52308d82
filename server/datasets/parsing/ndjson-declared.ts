import { readNumberKind } from "./csv-numbers.ts";
import { isStrict, isTextOf, toMisfit } from "./declared.ts";
import { createNames } from "./ndjson-names.ts";
import { kinds, type NdjsonRow, valueEscape } from "./ndjson-row.ts";
import type { NdjsonRows } from "./ndjson-rows.ts";
import { isSameNumber } from "./numbers.ts";
import { keepText, type Step } from "./rows.ts";
import type { PlannedColumn } from "./seam.ts";
import type { Window } from "./window.ts";

/**
 * As `rows`, but the members of a row that isn't rejected know their columns, and a row is rejected if one
 * of its values isn't of the type that its column was declared with.
 */
export function resolveColumns(
  rows: NdjsonRows,
  window: Window,
  columns: PlannedColumn[],
): NdjsonRows {
  const { row, found } = rows;
  const names = createNames(
    columns.map(({ name }) => name),
    () => -1,
  );
  const strict = columns.map((column) => isStrict(column));
  const hasStrict = strict.includes(true);
  const misfits = columns.map(toMisfit);
  const text: StringText = { bytes: Buffer.alloc(0), start: 0, end: 0 };

  function next(): Step {
    const step = rows.next();
    if (step !== "row" || found.rejection) return step;
    names.resolve(row, window.bytes);
    const misfit = hasStrict ? findMisfit() : -1;
    if (misfit < 0) return step;
    found.rejection = misfits[misfit] ?? null;
    keepText(found, window.bytes, row.start, row.end);
    return step;
  }

  /** The column of the first value that doesn't fit, or -1. */
  function findMisfit(): number {
    for (let member = 0; member < row.members; member += 1) {
      const column = row.columns[member] as number;
      if (column < 0 || !strict[column]) continue;
      if (!fits((columns[column] as PlannedColumn).type, member)) return column;
    }
    return -1;
  }

  function fits(type: PlannedColumn["type"], member: number): boolean {
    const kind = row.kinds[member];
    if (type === "json" || kind === kinds.null) return true;
    if (kind === kinds.string) {
      readStringText(text, row, member, window.bytes);
      return isTextOf(type, text.bytes, text.start, text.end);
    }
    if (kind === kinds.boolean) return type === "boolean";
    return kind === kinds.number && isNumberOf(type, member);
  }

  function isNumberOf(type: PlannedColumn["type"], member: number): boolean {
    const start = row.values[2 * member] as number;
    const end = row.values[2 * member + 1] as number;
    const kind = readNumberKind(window.bytes, start, end);
    if (kind === "integer") return type === "integer" || type === "number";
    if (type !== "number") return false;
    // Of more digits than in CSV, as long as nothing of them is lost.
    return kind === "number" || isSameNumber(window.bytes.toString("latin1", start, end));
  }

  return { ...rows, next };
}

/** A string's own text: where it stands, or made of its escapes. */
export type StringText = { bytes: Buffer; start: number; end: number };

export function readStringText(
  text: StringText,
  row: NdjsonRow,
  member: number,
  bytes: Buffer,
): void {
  const start = row.values[2 * member] as number;
  const end = row.values[2 * member + 1] as number;
  const isEscaped = ((row.escapes[member] as number) & valueEscape) !== 0;
  text.bytes = isEscaped ? Buffer.from(JSON.parse(bytes.toString("utf8", start, end))) : bytes;
  text.start = isEscaped ? 0 : start + 1;
  text.end = isEscaped ? text.bytes.length : end - 1;
}
