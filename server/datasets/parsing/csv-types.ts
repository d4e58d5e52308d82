import type { ColumnType } from "../../../protocol/datasets.ts";
import { readInstant } from "./csv-dates.ts";
import { readNumberKind } from "./csv-numbers.ts";
import type { CsvRow } from "./csv-row.ts";

const integer = 1;
const number = 2;
const boolean = 4;
const date = 8;
const trueWord = Buffer.from("true");
const falseWord = Buffer.from("false");
/** What tells a small letter from its capital. */
const lowerCase = 32;
const untouched = integer | number | boolean | date;

/** Per column the types that all its cells so far have, as bits. */
export type PossibleTypes = Uint8Array;

export function anyTypes(columns: number): PossibleTypes {
  return new Uint8Array(columns).fill(untouched);
}

/** Takes from each column the types that its cell in this row doesn't have. */
export function narrowTypes(possible: PossibleTypes, row: CsvRow, bytes: Buffer): void {
  const { spans, doubled } = row;
  for (let index = 0; index < possible.length; index += 1) {
    const types = possible[index] ?? 0;
    const start = spans[2 * index] ?? 0;
    const end = spans[2 * index + 1] ?? 0;
    if (types === 0 || start === end) continue;
    possible[index] = doubled[index] === 1 ? 0 : types & typesOf(types, bytes, start, end);
  }
}

/** The narrowest type that is left; a column without a value is text. */
export function inferredType(types: number): ColumnType {
  if (types === untouched || types === 0) return "string";
  if (types & integer) return "integer";
  if (types & number) return "number";
  return types & boolean ? "boolean" : "date";
}

/** Only looks for what `wanted` holds; a cell is never of two families. */
function typesOf(wanted: number, bytes: Buffer, start: number, end: number): number {
  if (wanted & number) {
    const kind = readNumberKind(bytes, start, end);
    if (kind) return kind === "integer" ? integer | number : number;
  }
  if (wanted & boolean && readBoolean(bytes, start, end) !== null) return boolean;
  if (wanted & date && !Number.isNaN(readInstant(bytes, start, end))) return date;
  return 0;
}

/** `true` or `false` in any case, else null. */
export function readBoolean(bytes: Buffer, start: number, end: number): boolean | null {
  const isTrue = end - start === trueWord.length;
  const word = isTrue ? trueWord : falseWord;
  if (end - start !== word.length) return null;
  for (let i = 0; i < word.length; i += 1) {
    if (((bytes[start + i] as number) | lowerCase) !== word[i]) return null;
  }
  return isTrue;
}
