import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";
import { readInstant } from "../parsing/csv-dates.ts";

const dayLength = 10;

/** The value as cells of this type are stored, or null where it isn't one; any number fits both kinds of numbers. */
export function toStored(type: ColumnType, given: unknown): CellValue {
  switch (type) {
    case "string":
      return typeof given === "string" ? given : null;
    case "integer":
    case "number":
      return typeof given === "number" ? given : null;
    case "boolean":
      return typeof given === "boolean" ? given : null;
    case "date":
      return typeof given === "string" ? toStoredDate(given) : null;
    case "json":
      return null;
  }
}

/**
 * Dates are compared as the texts that they are stored as: a day alone stays one, comes right before its
 * first instant and equals only itself; of instants the form doesn't matter.
 */
function toStoredDate(text: string): string | null {
  const bytes = Buffer.from(text);
  const instant = readInstant(bytes, 0, bytes.length);
  if (Number.isNaN(instant)) return null;
  return bytes.length === dayLength ? text : new Date(instant).toISOString();
}

/** Compares two cells of one column as MongoDB does: null first, then strings by code point. */
export function compareStored(a: CellValue, b: CellValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  // UTF-8 sorts by code point, UTF-16 doesn't.
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return Number(a) - Number(b);
}

/** The first text after all that begin with `prefix`; null where there's none. */
export function afterPrefix(prefix: string): string | null {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    if (point === 0x10ffff) continue;
    // Surrogates are no characters of their own.
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    return points.join("") + String.fromCodePoint(next);
  }
  return null;
}
