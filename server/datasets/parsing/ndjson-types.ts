import type { Member } from "./ndjson-members.ts";
import { isSameNumber } from "./numbers.ts";
import type { PlannedColumn } from "./seam.ts";

const integer = 1;
const number = 2;
const unprintable = 4;
const boolean = 8;
const string = 16;
const json = 32;

/** The bit of a value's JSON type; null counts for nothing. */
export function typeBit({ kind, source }: Member): number {
  if (kind === "null") return 0;
  if (kind === "string") return string;
  if (kind === "boolean") return boolean;
  return kind === "json" ? json : numberBit(source);
}

/** The type of a column from the bits of all its values; a mixture is `json`. */
export function typeOfBits(bits: number): Pick<PlannedColumn, "type" | "numeric"> {
  if (bits === 0 || bits === string) return { type: "string" };
  if (bits === boolean) return { type: "boolean" };
  if (bits === integer) return { type: "integer" };
  if (bits > (integer | number | unprintable)) return { type: "json" };
  return bits & unprintable ? { type: "string", numeric: true } : { type: "number" };
}

function numberBit(source: string): number {
  if (/^(?:0|-?[1-9]\d{0,15})$/.test(source) && Number.isSafeInteger(Number(source))) {
    return integer;
  }
  return isSameNumber(source) ? number : unprintable;
}
