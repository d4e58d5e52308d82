import { readNumberKind } from "./csv-numbers.ts";
import { kinds } from "./ndjson-row.ts";
import { isSameNumber } from "./numbers.ts";
import type { PlannedColumn } from "./seam.ts";

const integer = 1;
const number = 2;
const unprintable = 4;
const boolean = 8;
const string = 16;
const json = 32;

/** The bit of the JSON type of the value in `bytes[start..end)`; null counts for nothing. */
export function typeBit(kind: number, bytes: Buffer, start: number, end: number): number {
  if (kind === kinds.string) return string;
  if (kind === kinds.number) return numberBit(bytes, start, end);
  if (kind === kinds.boolean) return boolean;
  return kind === kinds.json ? json : 0;
}

/** The type of a column from the bits of all its values; a mixture is `json`. */
export function typeOfBits(bits: number): Pick<PlannedColumn, "type" | "numeric"> {
  if (bits === 0 || bits === string) return { type: "string" };
  if (bits === boolean) return { type: "boolean" };
  if (bits === integer) return { type: "integer" };
  if (bits > (integer | number | unprintable)) return { type: "json" };
  return bits & unprintable ? { type: "string", numeric: true } : { type: "number" };
}

function numberBit(bytes: Buffer, start: number, end: number): number {
  const kind = readNumberKind(bytes, start, end);
  if (kind) return kind === "integer" ? integer : number;
  return isSameNumber(bytes.toString("latin1", start, end)) ? number : unprintable;
}
