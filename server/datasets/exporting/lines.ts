import type { Format } from "../../../protocol/datasets.ts";
import { readInt32 } from "../parsing/bson.ts";
import type { PlannedColumn } from "../parsing/seam.ts";
import { createCsvLines } from "./csv-line.ts";
import { createNdjsonLines } from "./ndjson-line.ts";
import { createRecordBytes, type RecordBytes, readRecord } from "./record-bytes.ts";
import { mostPerByte } from "./texts.ts";

/** `source` is what the rows were imported from; `isRaw` asks for the texts that cells had there. */
export type LineSpec = {
  format: Format;
  source: Format;
  columns: PlannedColumn[];
  isRaw: boolean;
};

export type Lines = {
  /** what stands before the first row */
  head: () => Buffer;
  /** the most bytes of a line besides its texts */
  most: number;
  /** Writes a record's line and answers where it ended. */
  write: (target: Buffer, at: number, record: RecordBytes) => number;
};

const firstBytes = 64 * 1024;

/**
 * Collects the lines of a file. What it does with a record depends on nothing before it, so that a file begun
 * anew at any row goes on with the same bytes.
 */
export function createLineBuffer(spec: LineSpec) {
  const lines = spec.format === "csv" ? createCsvLines(spec) : createNdjsonLines(spec);
  const record = createRecordBytes(spec.columns.length);
  let buffer = Buffer.allocUnsafeSlow(firstBytes);
  let end = 0;

  function makeRoom(bytes: number): void {
    if (end + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, end + bytes));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  }

  return {
    length: () => end,

    addHead(): void {
      const head = lines.head();
      makeRoom(head.length);
      head.copy(buffer, end);
      end += head.length;
    },

    /** Adds the line of the RecordDocument in BSON at `start` and answers its row. */
    add(bson: Buffer, start = 0): number {
      readRecord(record, bson, start);
      makeRoom(lines.most + mostPerByte * readInt32(bson, start));
      end = lines.write(buffer, end, record);
      return record.row;
    },

    /** What was collected; it is good until the next line is added. */
    take(): Buffer {
      const taken = buffer.subarray(0, end);
      end = 0;
      return taken;
    },
  };
}

export type LineBuffer = ReturnType<typeof createLineBuffer>;
