import type { Collection } from "mongodb";
import { insist } from "../../infrastructure/insist.ts";
import type { RecordDocument } from "../parsing/seam.ts";
import { readCells } from "./record-cells.ts";

const rowsAtOnce = 2000;
const ignore = () => {};

/**
 * Gives records in BSON, in row order up to `watermark`. Each range of rows is a query of its own with
 * one answer of 16 MiB at most, asked for while the last one is worked through: no cursor outlives a
 * change of MongoDB's primary, or a slow reader.
 */
export async function* readRanges(
  records: Collection<RecordDocument>,
  watermark: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer[]> {
  const ask = (after: number): Promise<Buffer[]> => {
    const asked = insist(() => findRange(records, after, watermark), signal);
    // Whoever stops reading early doesn't wait for it.
    asked.catch(() => {});
    return asked;
  };
  let next = ask(0);
  for (;;) {
    const range = await next;
    const newest = range.at(-1);
    if (!newest) return;
    // An answer may be short because it is full, so only an empty one is the end.
    next = ask(readCells(newest, ignore));
    yield range;
  }
}

async function findRange(records: Collection<RecordDocument>, after: number, watermark: number) {
  const options = { raw: true, limit: rowsAtOnce, batchSize: rowsAtOnce, singleBatch: true };
  const found = records.find({ _id: { $gt: after, $lte: watermark } }, options).sort({ _id: 1 });
  // With `raw` the driver gives each document's bytes, whatever its types say.
  return (await found.toArray()) as unknown as Buffer[];
}
