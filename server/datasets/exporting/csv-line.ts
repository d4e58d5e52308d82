import type { ColumnType } from "../../../protocol/datasets.ts";
import { bsonType, readNumber } from "../parsing/bson.ts";
import { refuseForeignBytes } from "../sniff.ts";
import { isFormula } from "./formulas.ts";
import type { LineSpec, Lines } from "./lines.ts";
import { type RecordBytes, textEnd, textStart } from "./record-bytes.ts";
import { writeBoolean, writeCsvText, writeNumberText, writeQuoted } from "./texts.ts";

const comma = 44;
const quote = 34;
const lineFeed = 10;
/** What surrounds a cell, and the longest number. */
const cellBytes = 32;

/**
 * Lines of CSV (RFC 4180, but ended by LF): typed values, or the cells' own texts. Texts that a spreadsheet
 * would run are guarded, unless texts have to stay as they are.
 */
export function createCsvLines({ columns, isRaw }: LineSpec): Lines {
  const types = columns.map(({ type }) => type);
  const isGuarded = (bytes: Buffer, start: number, end: number) =>
    !isRaw && isFormula(bytes, start, end);

  function writeCell(target: Buffer, at: number, record: RecordBytes, column: number): number {
    const { bytes } = record;
    const text = record.texts[column] as number;
    if (isRaw && text > 0) return writeOwnText(target, at, bytes, text);
    const value = record.values[column] as number;
    const type = record.types[column] as number;
    switch (type) {
      case bsonType.string: {
        const start = textStart(value);
        const end = textEnd(bytes, value);
        const guard = isText(types[column]) && isGuarded(bytes, start, end);
        return writeCsvText(target, at, bytes, start, end, guard);
      }
      case bsonType.boolean:
        return writeBoolean(target, at, bytes[value] === 1);
      case bsonType.int32:
      case bsonType.double:
        return writeNumberText(target, at, readNumber(bytes, type, value));
      default:
        return at;
    }
  }

  return {
    head() {
      if (columns.length === 0) return Buffer.alloc(0);
      return Buffer.from(`${columns.map(({ name }, at) => headCell(name, at === 0)).join(",")}\n`);
    },
    most: columns.length * cellBytes + cellBytes,
    write(target, start, record) {
      let at = start;
      for (let column = 0; column < types.length; column += 1) {
        if (column > 0) target[at++] = comma;
        at = writeCell(target, at, record, column);
      }
      if (at === start) {
        // A line with nothing in it would be no row.
        target[at++] = quote;
        target[at++] = quote;
      }
      target[at++] = lineFeed;
      return at;
    },
  };

  /** A name that would be taken for a mark of another kind of file goes into quotes. */
  function headCell(name: string, isFirst: boolean): string {
    const source = Buffer.from(name);
    const target = Buffer.allocUnsafe(2 * source.length + 3);
    const isMark = isFirst && (name.startsWith("\ufeff") || refuseForeignBytes(source) !== null);
    const write = isMark ? writeQuoted : writeCsvText;
    const guard = isGuarded(source, 0, source.length);
    return target.toString("utf8", 0, write(target, 0, source, 0, source.length, guard));
  }
}

const isText = (type: ColumnType | undefined): boolean => type === "string" || type === "json";

/** The text that a cell was in its file: of JSON the text itself, a string's without its quotes. */
function writeOwnText(target: Buffer, at: number, bytes: Buffer, text: number): number {
  const start = textStart(text);
  const end = textEnd(bytes, text);
  if (bytes[start] !== quote) return writeCsvText(target, at, bytes, start, end, false);
  const own = Buffer.from(JSON.parse(bytes.toString("utf8", start, end)) as string);
  return writeCsvText(target, at, own, 0, own.length, false);
}
