import { readInt32, readNumber, sizeOf } from "../parsing/bson.ts";

const letterC = 99;
const letterT = 116;
const underscore = 95;
const digitZero = 48;
/** Not a type of BSON: the row has no value there. */
const absent = 0;

/**
 * A stored record, taken apart where it stands. By column: the type of its value (`absent` where there's
 * none), where that begins, and where the text beside it does (0 where there's none).
 */
export type RecordBytes = {
  bytes: Buffer;
  row: number;
  /** columns in the order of the document, so many */
  order: Uint16Array;
  cells: number;
  types: Uint8Array;
  values: Int32Array;
  texts: Int32Array;
};

export function createRecordBytes(columns: number): RecordBytes {
  return {
    bytes: Buffer.alloc(0),
    row: 0,
    order: new Uint16Array(columns),
    cells: 0,
    types: new Uint8Array(columns),
    values: new Int32Array(columns),
    texts: new Int32Array(columns),
  };
}

/** Takes the RecordDocument in BSON at `start` apart; its elements may stand in any order. */
export function readRecord(record: RecordBytes, bytes: Buffer, start: number): void {
  record.bytes = bytes;
  record.cells = 0;
  record.types.fill(absent);
  record.texts.fill(0);
  for (let at = start + 4; bytes[at] !== 0; ) {
    const type = bytes[at] as number;
    const name = at + 1;
    const value = bytes.indexOf(0, name) + 1;
    // Fields of a record have one letter each; all others, but `_id`, say nothing about cells.
    const letter = value - name === 2 ? bytes[name] : 0;
    if (bytes[name] === underscore) record.row = readNumber(bytes, type, value);
    else if (letter === letterC || letter === letterT) {
      readFields(record, value, letter === letterT);
    }
    at = value + sizeOf(bytes, type, value);
  }
}

/** The cells under `c`, or the texts under `t`: their names are `c` and the column. */
function readFields(record: RecordBytes, start: number, areTexts: boolean): void {
  const { bytes } = record;
  for (let at = start + 4; bytes[at] !== 0; ) {
    const type = bytes[at] as number;
    let column = 0;
    at += 2;
    for (; bytes[at] !== 0; at += 1) column = 10 * column + (bytes[at] as number) - digitZero;
    at += 1;
    if (column < record.types.length) {
      if (areTexts) record.texts[column] = at;
      else addCell(record, column, type, at);
    }
    at += sizeOf(bytes, type, at);
  }
}

function addCell(record: RecordBytes, column: number, type: number, at: number): void {
  record.order[record.cells] = column;
  record.cells += 1;
  record.types[column] = type;
  record.values[column] = at;
}

/** Where the text of a BSON string begins and ends. */
export const textStart = (at: number): number => at + 4;
export const textEnd = (bytes: Buffer, at: number): number => at + 3 + readInt32(bytes, at);
