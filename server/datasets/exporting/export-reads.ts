import mongoose from "mongoose";
import { isStoreAway } from "../../errors.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Batch } from "../../infrastructure/raw-cursor.ts";
import type { Find } from "../../infrastructure/raw-find.ts";
import type { DatasetDocument } from "../dataset.model.ts";
import type { PlannedColumn } from "../parsing/seam.ts";
import type { Anchor } from "../querying/bounds.ts";
import { fieldOf, toMatch } from "../querying/conditions.ts";
import {
  type RecordQuery,
  type RecordQueryRequest,
  readRecordQuery,
} from "../querying/record-query.ts";
import { findAlong, hintOf, matchAll, mostWithoutIndex } from "../querying/record-reads.ts";
import type { Rows } from "../rows.ts";

/** Rows asked for at once; MongoDB sends 16 MB at most. With 4,000 more of them grew old as garbage. */
const batchRows = 1000;
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
export function createExportReads({ records, readRaw }: Pick<Rows, "records" | "readRaw">) {
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
   * Finds the rows behind row `after` (0: all of them). A sorted column's index is walked if `byIndex`; else what is
   * found is sorted, on disk if need be. Null where conditions exclude each other.
   */
  async function toFind(
    of: ExportedRows,
    query: RecordQuery,
    after: number,
    byIndex: boolean,
  ): Promise<Find | null> {
    const { sort } = query;
    const row = after === 0 ? null : after;
    const anchor = sort && row !== null ? await readAnchor(of, sort.key, row) : null;
    const isUp = sort?.isAscending ?? true;
    const direction = isUp ? 1 : -1;
    const found = byIndex
      ? findAlong(of, query, anchor, isUp)
      : { filter: matchAll(of, query, row, anchor, isUp), bounds: {} };
    if (!found) return null;
    return {
      ...found.bounds,
      filter: { ...found.filter, ...matchRepaired(of) },
      sort: { ...(sort && { [fieldOf(sort.key)]: direction }), _id: direction },
      hint: hintOf(byIndex && sort ? sort.key : null),
      batchSize: batchRows,
      allowDiskUse: true,
    };
  }

  /** With what is found first: it shows whether the query can be answered. */
  async function open(
    of: ExportedRows,
    query: RecordQuery,
    after: number,
    byIndex: boolean,
    signal: AbortSignal,
  ) {
    const find = await toFind(of, query, after, byIndex);
    if (!find) return null;
    const batches = readRaw(of.datasetId, find, signal);
    return { batches, first: await batches.next() };
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
      let opened: Awaited<ReturnType<typeof open>> = null;
      try {
        opened = await insist(() => open(of, query, last, byIndex, signal), signal);
        if (!opened) return;
        for (let { first: step, batches } = opened; !step.done; step = await batches.next()) {
          last = rowOf(step.value);
          yield step.value;
        }
        return;
      } catch (err) {
        if (hasCode(err, badValue, queryPlanKilled) && byIndex) byIndex = false;
        else if (!isStoreAway(err) && !hasCode(err, cursorNotFound)) throw err;
        signal.throwIfAborted();
      } finally {
        await opened?.batches.return(null);
      }
    }
  }

  return { count, read };
}

export type ExportReads = ReturnType<typeof createExportReads>;

/** The last row of a batch. */
function rowOf({ bytes, starts }: Batch): number {
  const last = bytes.subarray(starts.at(-1));
  return mongoose.mongo.BSON.deserialize(last, { allowObjectSmallerThanBufferSize: true })._id;
}

const hasCode = (err: unknown, ...codes: number[]): boolean =>
  err instanceof Error && "code" in err && codes.includes(Number(err.code));
