import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";
import type { Bar } from "../../../protocol/profiles.ts";
import { bsonType, readInt32, readNumber } from "../parsing/bson.ts";
import { readInstant } from "../parsing/csv-dates.ts";
import { type Hash, hashBytes, hashNumber } from "./hash.ts";
import { createHistogram, type Span } from "./histogram.ts";
import { createMean } from "./mean.ts";
import { createTextRange } from "./texts.ts";
import { createValueCounts } from "./value-counts.ts";

const topLength = 10;

/** Filled anew for each cell. */
const hash: Hash = { low: 0, high: 0 };

/** Takes in the cells of one column, whatever is empty left out. */
export function createColumnProfile(type: ColumnType) {
  const counts = createValueCounts();
  const texts = createTextRange();
  const histogram = createHistogram();
  const mean = createMean();
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let filled = 0;

  function addText(record: Buffer, at: number, row: number): void {
    const start = at + 4;
    const end = start + readInt32(record, at) - 1;
    hashBytes(hash, record, start, end);
    counts.add(hash, row);
    texts.add(record, start, end);
    if (type === "date") histogram.add(readInstant(record, start, end));
  }

  function addNumber(value: number, row: number): void {
    hashNumber(hash, value);
    counts.add(hash, row);
    if (value < min) min = value;
    if (value > max) max = value;
    if (type === "boolean") return;
    histogram.add(value);
    mean.add(value);
  }

  const ends = (): { min: CellValue; max: CellValue } => {
    if (filled === 0) return { min: null, max: null };
    if (type === "boolean") return { min: min === 1, max: max === 1 };
    if (isNumeric(type)) return { min, max };
    return { min: texts.min(), max: texts.max() };
  };

  return {
    /** The value begins at `at` of a record in BSON and is of that element type. */
    add(element: number, record: Buffer, at: number, row: number): void {
      if (element === bsonType.null) return;
      filled += 1;
      if (element === bsonType.string) addText(record, at, row);
      else if (element === bsonType.boolean) addNumber(record[at] as number, row);
      else addNumber(readNumber(record, element, at) + 0, row);
    },

    /** `top` names rows that have the values. */
    end(rows: number) {
      const average = mean.value();
      return {
        nulls: rows - filled,
        distinct: counts.distinct(),
        ...ends(),
        // Rounding must not carry it out of the range.
        mean: average === null ? null : Math.min(max, Math.max(min, average)),
        top: counts.top(topLength),
        histogram: histogram.spans().map(type === "date" ? toInstants : asTheyAre),
      };
    },

    bytes: counts.bytes,
  };
}

export type ColumnProfile = ReturnType<typeof createColumnProfile>;

const isNumeric = (type: ColumnType) => type === "integer" || type === "number";

const asTheyAre = (span: Span): Bar => span;

/** A bound between two milliseconds counts like the later one. */
const toInstants = ({ from, to, count }: Span): Bar => ({
  from: new Date(Math.ceil(from)).toISOString(),
  to: new Date(Math.ceil(to)).toISOString(),
  count,
});
