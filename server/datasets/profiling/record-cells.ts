import { bsonType, readNumber, sizeOf } from "../parsing/bson.ts";

const letterC = 99;

/** Hears of a cell: its row, the number of its column (12 of `c12`), its element's type, where its value begins. */
export type OnCell = (
  row: number,
  column: number,
  type: number,
  record: Buffer,
  at: number,
) => void;

/**
 * Finds the row and the cells of the RecordDocument in BSON (bsonspec.org) at `start` without decoding it; gives
 * the row.
 */
export function readCells(record: Buffer, start: number, onCell: OnCell): number {
  let row = Number.NaN;
  for (let at = start + 4; record[at] !== 0; ) {
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

function skipName(record: Buffer, start: number): number {
  let at = start;
  while (record[at] !== 0) at += 1;
  return at + 1;
}
