import { bsonType, readNumber } from "../parsing/bson.ts";
import type { LineSpec, Lines } from "./lines.ts";
import { type RecordBytes, textEnd, textStart } from "./record-bytes.ts";
import { writeBoolean, writeJson, writeJsonString, writeNumberText } from "./texts.ts";

const comma = 44;
const quote = 34;
const lineFeed = 10;
const open = 123;
const close = 125;
const nullText = Buffer.from("null");
/** What surrounds a value, and the longest number. */
const cellBytes = 32;

/**
 * Lines of NDJSON. Rows that were NDJSON keep their own keys in their own order, so that a missing one stays
 * missing; rows of CSV have all columns, an empty cell as null.
 */
export function createNdjsonLines({ columns, source, isRaw }: LineSpec): Lines {
  const names = columns.map(({ name }) => Buffer.from(`${JSON.stringify(name)}:`));
  const isOfJson = source === "ndjson";
  /** Columns whose texts are JSON already. */
  const isJson = columns.map(({ type, numeric }) => type === "json" || numeric === true);
  const isNumber = columns.map(({ type }) => type === "integer" || type === "number");

  function writeValue(target: Buffer, at: number, record: RecordBytes, column: number): number {
    const { bytes } = record;
    const text = record.texts[column] as number;
    if (text > 0 && isOwnTextWanted(bytes, text, column)) {
      const write = isOfJson || isNumber[column] ? writeJson : writeJsonString;
      return write(target, at, bytes, textStart(text), textEnd(bytes, text));
    }
    const value = record.values[column] as number;
    const type = record.types[column] as number;
    switch (type) {
      case bsonType.string: {
        const write = isJson[column] ? writeJson : writeJsonString;
        return write(target, at, bytes, textStart(value), textEnd(bytes, value));
      }
      case bsonType.boolean:
        return writeBoolean(target, at, bytes[value] === 1);
      case bsonType.int32:
      case bsonType.double:
        return writeNumberText(target, at, readNumber(bytes, type, value));
      default:
        target.set(nullText, at);
        return at + nullText.length;
    }
  }

  /** A number as it was written is the same number, -0 too; a string in its place isn't. */
  const isOwnTextWanted = (bytes: Buffer, text: number, column: number): boolean =>
    isRaw || (isOfJson && isNumber[column] === true && bytes[textStart(text)] !== quote);

  function writeMember(target: Buffer, start: number, record: RecordBytes, column: number) {
    const name = names[column] as Buffer;
    target.set(name, start);
    const at = writeValue(target, start + name.length, record, column);
    target[at] = comma;
    return at + 1;
  }

  return {
    head: () => Buffer.alloc(0),
    most: names.reduce((sum, name) => sum + name.length + cellBytes, cellBytes),
    write(target, start, record) {
      target[start] = open;
      let at = start + 1;
      if (isOfJson) {
        for (let cell = 0; cell < record.cells; cell += 1) {
          at = writeMember(target, at, record, record.order[cell] as number);
        }
      } else {
        for (let column = 0; column < names.length; column += 1) {
          at = writeMember(target, at, record, column);
        }
      }
      // The last comma makes way for the end.
      if (at > start + 1) at -= 1;
      target[at++] = close;
      target[at++] = lineFeed;
      return at;
    },
  };
}
