import type { Encoder } from "./batches.ts";
import {
  bsonType,
  endDocument,
  nameBytes,
  writeHead,
  writeInt32,
  writeNumber,
  writeText,
} from "./bson.ts";
import { isCanonicalInstant, writeInstant } from "./csv-dates.ts";
import { type Decimal, readDecimal, readInteger } from "./csv-numbers.ts";
import type { CsvRows } from "./csv-rows.ts";
import { recordBytes } from "./record-size.ts";
import type { PlannedColumn } from "./seam.ts";
import type { Window } from "./window.ts";

const id = nameBytes("_id");
const cells = nameBytes("c");
const texts = nameBytes("t");
const quote = 34;
const dateLength = 10;
const trueLength = 4;
/** The longest value that isn't the cell's own text, an instant, with what surrounds it and its text. */
const valueBytes = 48;

/**
 * Makes BSON records of CSV rows, from the bytes of their cells: `_id`, typed values under `c`, and under `t`
 * the texts that these don't give back.
 */
export function createCsvEncoder(rows: CsvRows, window: Window, columns: PlannedColumn[]): Encoder {
  const row = rows.cells;
  const names = columns.map(({ key }) => nameBytes(key));
  const types = columns.map(({ type }) => type);
  const fixed = names.reduce((sum, name) => sum + 2 * name.length + valueBytes, recordBytes);
  /** The cells whose text has to stand beside their value. */
  const withText = new Uint32Array(columns.length);
  let textCount = 0;
  const decimal: Decimal = { value: 0, isCanonical: true };

  function encode(target: Buffer, start: number): number {
    let at = writeNumber(target, start + 4, id, rows.found.number);
    const cellsStart = writeHead(target, at, bsonType.document, cells);
    at = cellsStart + 4;
    textCount = 0;
    for (let index = 0; index < names.length; index += 1) {
      const from = row.spans[2 * index] as number;
      const to = row.spans[2 * index + 1] as number;
      if (from === to) continue;
      at = writeCell(target, at, index, from, to);
    }
    at = endDocument(target, at, cellsStart);
    if (textCount > 0) at = writeTexts(target, at);
    return endDocument(target, at, start);
  }

  function writeCell(target: Buffer, at: number, index: number, from: number, to: number): number {
    const { bytes } = window;
    const name = names[index] as Uint8Array;
    const type = types[index];
    if (type === "integer") return writeNumber(target, at, name, readInteger(bytes, from, to));
    if (type === "number") {
      readDecimal(decimal, bytes, from, to);
      if (!decimal.isCanonical) withText[textCount++] = index;
      return writeNumber(target, at, name, decimal.value);
    }
    if (type === "boolean") {
      if (!isLowerCase(bytes, from, to)) withText[textCount++] = index;
      const valueAt = writeHead(target, at, bsonType.boolean, name);
      target[valueAt] = to - from === trueLength ? 1 : 0;
      return valueAt + 1;
    }
    const valueAt = writeHead(target, at, bsonType.string, name);
    if (type === "date" && to - from !== dateLength && !isCanonicalInstant(bytes, from, to)) {
      withText[textCount++] = index;
      return writeInstant(target, valueAt, bytes, from, to);
    }
    return row.doubled[index] === 1
      ? writeUnquoted(target, valueAt, bytes, from, to)
      : writeText(target, valueAt, bytes, from, to);
  }

  function writeTexts(target: Buffer, start: number): number {
    const documentStart = writeHead(target, start, bsonType.document, texts);
    let at = documentStart + 4;
    for (let i = 0; i < textCount; i += 1) {
      const index = withText[i] as number;
      const from = row.spans[2 * index] as number;
      const to = row.spans[2 * index + 1] as number;
      at = writeHead(target, at, bsonType.string, names[index] as Uint8Array);
      at = writeText(target, at, window.bytes, from, to);
    }
    return endDocument(target, at, documentStart);
  }

  return { most: () => fixed + 2 * (row.end - row.start), encode };
}

/** A cell with doubled quotes made single. */
function writeUnquoted(
  target: Buffer,
  start: number,
  source: Buffer,
  from: number,
  to: number,
): number {
  let at = start + 4;
  for (let i = from; i < to; i += 1) {
    const byte = source[i] as number;
    target[at++] = byte;
    if (byte === quote) i += 1;
  }
  writeInt32(target, start, at + 1 - (start + 4));
  target[at] = 0;
  return at + 1;
}

function isLowerCase(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) < 97) return false;
  return true;
}
