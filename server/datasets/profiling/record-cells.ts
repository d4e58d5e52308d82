import { bsonType } from "../parsing/bson.ts";

const letterC = 99;

/** Hears of a cell: its row, the number of its column (12 of `c12`), its element's type, where its value begins. */
export type OnCell = (
  row: number,
  column: number,
  type: number,
  record: Buffer,
  at: number,
) => void;

/** Finds the row and the cells of a RecordDocument in BSON (bsonspec.org) without decoding it; gives the row. */
export function readCells(record: Buffer, onCell: OnCell): number {
  let row = Number.NaN;
  for (let at = 4; record[at] !== 0; ) {
    const type = record[at] as number; // a document ends with a NUL
    const value = skipName(record, at + 1);
    const isCells = type === bsonType.document && record[at + 1] === letterC;
    // MongoDB puts `_id` first, and nothing else here is a number.
    if (isCells) readElements(record, value + 4, row, onCell);
    else if (isNumber(type)) row = readNumber(record, type, value);
    at = value + sizeOf(record, type, value);
  }
  return row;
}

function readElements(record: Buffer, start: number, row: number, onCell: OnCell): void {
  for (let at = start; record[at] !== 0; ) {
    const type = record[at] as number;
    let column = 0;
    let value = at + 2;
    for (; record[value] !== 0; value += 1) column = column * 10 + (record[value] as number) - 48;
    value += 1;
    onCell(row, column, type, record, value);
    at = value + sizeOf(record, type, value);
  }
}

const isNumber = (type: number) => type === bsonType.int32 || type === bsonType.double;

export function readInt32(bytes: Buffer, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/** The value of an int32 or a double. */
export function readNumber(bytes: Buffer, type: number, at: number): number {
  if (type === bsonType.int32) return readInt32(bytes, at);
  for (let i = 0; i < 8; i += 1) scratchBytes[i] = bytes[at + i] as number;
  return scratch[0] as number;
}

function skipName(record: Buffer, start: number): number {
  let at = start;
  while (record[at] !== 0) at += 1;
  return at + 1;
}

function sizeOf(record: Buffer, type: number, at: number): number {
  switch (type) {
    case bsonType.string:
      return 4 + readInt32(record, at);
    case bsonType.double:
      return 8;
    case bsonType.int32:
      return 4;
    case bsonType.document:
      return readInt32(record, at);
    case bsonType.boolean:
      return 1;
    case bsonType.null:
      return 0;
    default:
      throw new TypeError(`a record with an element of BSON type ${type}`);
  }
}
