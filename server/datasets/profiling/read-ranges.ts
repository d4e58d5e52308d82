import { insist } from "../../infrastructure/insist.ts";
import type { Batch } from "../../infrastructure/raw-cursor.ts";
import type { Rows } from "../rows.ts";
import { readCells } from "./record-cells.ts";

const rowsAtOnce = 2000;
const oneBatch = { limit: rowsAtOnce, batchSize: rowsAtOnce, singleBatch: true };
const ignore = () => {};

/**
 * Gives records in BSON, in row order up to `watermark`. Each range of rows is a query of its own with
 * one answer of 16 MiB at most, asked for while the last one is worked through: no cursor outlives a
 * change of MongoDB's primary, or a slow reader.
 */
export async function* readRanges(
  rows: Pick<Rows, "readRaw">,
  datasetId: string,
  watermark: number,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  async function findRange(after: number): Promise<Batch | null> {
    const filter = { _id: { $gt: after, $lte: watermark } };
    const find = { filter, sort: { _id: 1 }, ...oneBatch };
    for await (const range of rows.readRaw(datasetId, find, signal)) return range;
    return null;
  }
  const ask = (after: number): Promise<Batch | null> => {
    const asked = insist(() => findRange(after), signal);
    // Whoever stops reading early doesn't wait for it.
    asked.catch(() => {});
    return asked;
  };
  let next = ask(0);
  for (;;) {
    const range = await next;
    if (!range) return;
    const newest = range.starts.at(-1) as number;
    // An answer may be short because it is full, so only an empty one is the end.
    next = ask(readCells(range.bytes, newest, ignore));
    yield range;
  }
}
