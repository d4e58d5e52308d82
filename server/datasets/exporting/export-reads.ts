import type { FindCursor } from "mongodb";
import mongoose from "mongoose";
import { isStoreAway } from "../../errors.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { DatasetDocument } from "../dataset.model.ts";
import type { PlannedColumn, RecordDocument } from "../parsing/seam.ts";
import type { Anchor } from "../querying/bounds.ts";
import { fieldOf, toMatch } from "../querying/conditions.ts";
import {
  type RecordQuery,
  type RecordQueryRequest,
  readRecordQuery,
} from "../querying/record-query.ts";
import { findAlong, hintOf, matchAll, mostWithoutIndex } from "../querying/record-reads.ts";
import type { Rows } from "../rows.ts";

/** Rows asked for at once; MongoDB sends 16 MB at most. */
const batchRows = 4_000;
const readOptions = { raw: true, batchSize: batchRows, allowDiskUse: true };
const badValue = 2;
const cursorNotFound = 43;
const queryPlanKilled = 175;

/** The rows of a dataset as they stood at one moment, and what is asked of them. */
export type ExportedRows = {
  datasetId: string;
  columns: PlannedColumn[];
  request: RecordQueryRequest;
} & Required<Pick<DatasetDocument, "rows" | "rejected" | "repairs">>;

/** Rows that repairs put in their places later than that moment. */
const matchRepaired = ({ repairs }: ExportedRows) => ({ r: { $not: { $gt: repairs } } });

/** Reads rows for an export. However many come in meanwhile, those of its moment stay the same. */
export function createExportReads({ records }: Pick<Rows, "records">) {
  /** How many rows there are to be; without conditions the dataset knew. */
  async function count(of: ExportedRows): Promise<number> {
    const { conditions } = readRecordQuery(of.columns, of.request);
    if (conditions.length === 0) return of.rows;
    const _id = { $lte: of.rows + of.rejected };
    const match = { _id, ...toMatch(conditions), ...matchRepaired(of) };
    return records(of.datasetId).countDocuments(match, { hint: hintOf(null) });
  }

  /** The row that was written last, with its cell: what was written never changes. */
  async function readAnchor(of: ExportedRows, key: string, row: number): Promise<Anchor> {
    const projection = { [fieldOf(key)]: 1 };
    const found = await records(of.datasetId).findOne({ _id: row }, { projection });
    return { value: found?.c[key] ?? null, row };
  }

  /**
   * The rows behind row `after` (0: all of them). A sorted column's index is walked if `byIndex`; else what is
   * found is sorted, on disk if need be. Null where conditions exclude each other.
   */
  async function open(
    of: ExportedRows,
    query: RecordQuery,
    after: number,
    byIndex: boolean,
    signal: AbortSignal,
  ): Promise<FindCursor<RecordDocument> | null> {
    const { sort } = query;
    const row = after === 0 ? null : after;
    const anchor = sort && row !== null ? await readAnchor(of, sort.key, row) : null;
    const isUp = sort?.isAscending ?? true;
    const direction = isUp ? 1 : -1;
    const found = byIndex
      ? findAlong(of, query, anchor, isUp)
      : { filter: matchAll(of, query, row, anchor, isUp), bounds: {} };
    if (!found) return null;
    const filter = { ...found.filter, ...matchRepaired(of) };
    const hint = hintOf(byIndex && sort ? sort.key : null);
    // A stop ends the query in MongoDB, too, which may sort for minutes.
    const options = { ...readOptions, ...found.bounds, hint, signal };
    const cursor = records(of.datasetId)
      .find(filter, options)
      .sort({ ...(sort && { [fieldOf(sort.key)]: direction }), _id: direction });
    await cursor.hasNext();
    return cursor;
  }

  /**
   * Rows in BSON, in order, many at a time. A cursor that is lost on the way, as when MongoDB changes its primary,
   * is opened anew behind the last row; one whose index is gone does without.
   */
  async function* read(of: ExportedRows, after: number, signal: AbortSignal) {
    const query = readRecordQuery(of.columns, of.request);
    let byIndex = query.sort !== null && of.rows > mostWithoutIndex;
    let last = after;
    for (;;) {
      let cursor: FindCursor<RecordDocument> | null = null;
      try {
        cursor = await insist(() => open(of, query, last, byIndex, signal), signal);
        for await (const batch of batchesOf(cursor, signal)) {
          last = rowOf(batch.at(-1)) ?? last;
          yield batch;
        }
        return;
      } catch (err) {
        if (hasCode(err, badValue, queryPlanKilled) && byIndex) byIndex = false;
        else if (!isStoreAway(err) && !hasCode(err, cursorNotFound)) throw err;
        signal.throwIfAborted();
      } finally {
        cursor?.close().catch(() => {});
      }
    }
  }

  return { count, read };
}

export type ExportReads = ReturnType<typeof createExportReads>;

/** The next batch is on its way while one is worked through. */
async function* batchesOf(cursor: FindCursor<RecordDocument> | null, signal: AbortSignal) {
  if (!cursor) return;
  let next = cursor.hasNext();
  while (await next) {
    signal.throwIfAborted();
    // With `raw`, documents are their bytes, which the driver's types don't tell.
    const batch = (cursor.readBufferedDocuments() as unknown as Uint8Array[]).map(toBuffer);
    next = cursor.hasNext();
    // Whoever stops early doesn't wait for it.
    next.catch(() => {});
    yield batch;
  }
}

const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const rowOf = (bson: Buffer | undefined): number | undefined =>
  bson && (mongoose.mongo.BSON.deserialize(bson)._id as number);

const hasCode = (err: unknown, ...codes: number[]): boolean =>
  err instanceof Error && "code" in err && codes.includes(Number(err.code));
