import type { ColumnType } from "../../../protocol/datasets.ts";
import type { Encoder } from "./batches.ts";
import { bsonType, endDocument, nameBytes, writeHead, writeNumber, writeText } from "./bson.ts";
import { isCanonicalInstant, writeInstant } from "./csv-dates.ts";
import { type Decimal, readDecimal } from "./csv-numbers.ts";
import { readStringText, type StringText } from "./ndjson-declared.ts";
import { kinds } from "./ndjson-row.ts";
import type { NdjsonRows } from "./ndjson-rows.ts";
import { recordBytes } from "./record-size.ts";
import type { PlannedColumn } from "./seam.ts";
import type { Window } from "./window.ts";

const id = nameBytes("_id");
const cells = nameBytes("c");
const texts = nameBytes("t");
const letterT = 116;
const dateLength = 10;
const trueLength = 4;

/**
 * Makes BSON records of NDJSON rows, whose members know their columns, from the bytes of their values: cells in
 * the order of the row's own keys, under `t` the JSON of those that the value in the cell doesn't give back.
 */
export function createNdjsonEncoder(
  rows: NdjsonRows,
  window: Window,
  columns: PlannedColumn[],
): Encoder {
  const { row } = rows;
  const keys = columns.map(({ key }) => nameBytes(key));
  const types = columns.map(({ type }) => type);
  const isDeclared = columns.map(({ declared }) => declared === true);
  const keyBytes = Math.max(0, ...keys.map((key) => key.length));
  const decimal: Decimal = { value: 0, isCanonical: true };
  const text: StringText = { bytes: Buffer.alloc(0), start: 0, end: 0 };
  /** The members whose text has to stand beside their value. */
  const withText: number[] = [];

  function encode(target: Buffer, start: number): number {
    withText.length = 0;
    let at = writeNumber(target, start + 4, id, rows.found.number);
    const cellsStart = writeHead(target, at, bsonType.document, cells);
    at = cellsStart + 4;
    for (let member = 0; member < row.members; member += 1) {
      const column = row.columns[member] as number;
      if (column >= 0) at = writeCell(target, at, member, column);
    }
    at = endDocument(target, at, cellsStart);
    if (withText.length > 0) at = writeTexts(target, at);
    return endDocument(target, at, start);
  }

  function writeCell(target: Buffer, at: number, member: number, column: number): number {
    const { bytes } = window;
    const key = keys[column] as Uint8Array;
    const type = types[column] as ColumnType;
    const kind = row.kinds[member];
    const from = row.values[2 * member] as number;
    const to = row.values[2 * member + 1] as number;
    if (kind === kinds.null) return writeHead(target, at, bsonType.null, key);
    const isOther = type === "string" && kind !== kinds.string;
    if (type !== "json" && !isOther) {
      if (kind === kinds.boolean) {
        const valueAt = writeHead(target, at, bsonType.boolean, key);
        target[valueAt] = bytes[from] === letterT ? 1 : 0;
        return valueAt + 1;
      }
      if (kind === kinds.number) {
        readDecimal(decimal, bytes, from, to);
        if (type === "number" && !decimal.isCanonical) withText.push(member);
        return writeNumber(target, at, key, decimal.value);
      }
      if (kind === kinds.string) {
        return writeOfString(target, at, key, type, member);
      }
    }
    if (isOther && isDeclared[column]) withText.push(member);
    return writeText(target, writeHead(target, at, bsonType.string, key), bytes, from, to);
  }

  /** The value of a JSON string, in a column of strings or one that was declared as something narrower. */
  function writeOfString(
    target: Buffer,
    at: number,
    key: Uint8Array,
    type: PlannedColumn["type"],
    member: number,
  ): number {
    readStringText(text, row, member, window.bytes);
    const { bytes, start, end } = text;
    const isAsItStands =
      type === "string" ||
      (type === "date" && (end - start === dateLength || isCanonicalInstant(bytes, start, end)));
    if (isAsItStands) {
      return writeText(target, writeHead(target, at, bsonType.string, key), bytes, start, end);
    }
    withText.push(member);
    if (type === "date") {
      return writeInstant(target, writeHead(target, at, bsonType.string, key), bytes, start, end);
    }
    if (type === "boolean") {
      const valueAt = writeHead(target, at, bsonType.boolean, key);
      target[valueAt] = end - start === trueLength ? 1 : 0;
      return valueAt + 1;
    }
    readDecimal(decimal, bytes, start, end);
    return writeNumber(target, at, key, decimal.value);
  }

  function writeTexts(target: Buffer, start: number): number {
    const documentStart = writeHead(target, start, bsonType.document, texts);
    let at = documentStart + 4;
    for (const member of withText) {
      const key = keys[row.columns[member] as number] as Uint8Array;
      const from = row.values[2 * member] as number;
      const to = row.values[2 * member + 1] as number;
      at = writeHead(target, at, bsonType.string, key);
      at = writeText(target, at, window.bytes, from, to);
    }
    return endDocument(target, at, documentStart);
  }

  /** Twice each member's value, since its text may stand beside it, and what surrounds these. */
  const most = () => recordBytes + row.members * 2 * (keyBytes + 16) + 2 * (row.end - row.start);
  return { most, encode };
}
