import type { DataRecord } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import { AppError } from "../../errors.ts";
import type { CursorPosition } from "../../infrastructure/cursor.ts";
import type { Keyset } from "../../infrastructure/keyset.ts";
import { readStretch, type Stretch } from "../../infrastructure/stretch.ts";
import type { ColumnIndexes } from "../column-indexes.ts";
import { countAtMost, longestQueryMs } from "../count-at-most.ts";
import type { DatasetDocument } from "../dataset.model.ts";
import { nameBytes } from "../dataset.queries.ts";
import type { RecordDocument } from "../parsing/seam.ts";
import { toRecord } from "../record-values.ts";
import { indexPattern } from "../row-indexes.ts";
import type { Rows } from "../rows.ts";
import { type Anchor, indexBounds, stretchOf } from "./bounds.ts";
import { fieldOf, matchBeyond, toMatch } from "./conditions.ts";
import { leadOf } from "./lead.ts";
import type { RecordQuery } from "./record-query.ts";

/** As many rows are sorted in memory, or looked through, without an index. */
export const mostWithoutIndex = 20_000;

/** A cell of so many characters may stand in a cursor. */
const longestInCursor = 100;

/**
 * How the rows of a query are found: by the index of a column, or in row order (null). `isWalk`: along the
 * very order that is asked for, from where the last page ended; else what is found is sorted.
 */
type Route = { index: string | null; isWalk: boolean };

export const hintOf = (key: string | null) =>
  key === null ? { _id: 1 as const } : indexPattern(key);
type Counters = Pick<DatasetDocument, "rows" | "rejected">;
const watermarkOf = (doc: Counters) => doc.rows + doc.rejected;

/** Pages of a dataset's records in the order of a column, or of those that meet conditions. */
export function createRecordReads(rows: Rows, indexes: ColumnIndexes) {
  /** Few rows are gathered by the best condition's index, many met on the way along the order. */
  async function chooseRoute(doc: DatasetDocument, query: RecordQuery): Promise<Route> {
    if (doc.rows <= mostWithoutIndex) return { index: null, isWalk: false };
    const order = query.sort?.key ?? null;
    const alongOrder = { index: order, isWalk: order !== null };
    const lead = leadOf(query);
    const needed = new Set([order, lead?.key ?? null].filter((key) => key !== null));
    await indexes.require(doc, [...needed]);
    if (!lead || lead.key === order) return alongOrder;
    // Under one value an index goes on by row.
    const isOrdered = order === null && lead.isPoints;
    const isShort = isOrdered || (await areFew(doc, query, lead.key));
    return isShort ? { index: lead.key, isWalk: false } : alongOrder;
  }

  async function areFew(doc: DatasetDocument, { conditions }: RecordQuery, key: string) {
    const match = toMatch(conditions.filter((one) => one.key === key));
    const options = { hint: hintOf(key), limit: mostWithoutIndex + 1, maxTimeMS: longestQueryMs };
    const count = () => rows.records(doc._id).countDocuments(match, options);
    return (await indexes.askBy(doc, key, count)) <= mostWithoutIndex;
  }

  /** The row where a page ended and its cell: the cursor's, or read where it was too long for one. */
  async function anchorOf(doc: DatasetDocument, key: string, [at, value]: CursorPosition) {
    const row = Number(at);
    return value === undefined ? readAnchor(doc, key, row) : { value, row };
  }

  /** Rows that were shown never change. */
  async function readAnchor(doc: DatasetDocument, key: string, row: number): Promise<Anchor> {
    const options = { projection: { [fieldOf(key)]: 1 }, maxTimeMS: longestQueryMs };
    const found = await rows.records(doc._id).findOne({ _id: row }, options);
    if (!found) throw new AppError("cursor_invalid");
    return { value: found.c[key] ?? null, row };
  }

  async function fetch(
    doc: DatasetDocument,
    query: RecordQuery,
    from: CursorPosition | null,
    isForward: boolean,
    most: number,
  ): Promise<Stretch<DataRecord>> {
    const { index, isWalk } = await chooseRoute(doc, query);
    const isUp = (query.sort?.isAscending ?? true) === isForward;
    const row = from && Number(from[0]);
    const key = query.sort?.key;
    const anchor = key !== undefined && from ? await anchorOf(doc, key, from) : null;
    const found = isWalk
      ? findAlong(doc, query, anchor, isUp)
      : { filter: matchAll(doc, query, row, anchor, isUp), bounds: {} };
    if (!found) return { items: [], goesOn: false };
    const direction = isUp ? 1 : -1;
    const toItem = (record: RecordDocument) => toRecord(record, doc.columns);
    return indexes.askBy(doc, index, () => {
      const cursor = rows
        .records(doc._id)
        .find(found.filter, { ...found.bounds, hint: hintOf(index), maxTimeMS: longestQueryMs })
        .sort({ ...(key !== undefined && { [fieldOf(key)]: direction }), _id: direction })
        .limit(most + 1);
      return readStretch(cursor, { most, toItem, moreBytes: nameBytes(doc) });
    });
  }

  return {
    keyset: (doc: DatasetDocument, query: RecordQuery): Keyset<DataRecord> => ({
      scope: [doc.userId, "records", doc._id, query.fingerprint].join("\0"),
      fetch: (from, isForward, most) => fetch(doc, query, from, isForward, most),
      positionOf: (record) => positionOf(doc, query, record),
    }),

    /** How many records meet the conditions; the index that a page needs is there by then. */
    async count(doc: DatasetDocument, query: RecordQuery): Promise<Page<unknown>["total"]> {
      const key = doc.rows > mostWithoutIndex ? (leadOf(query)?.key ?? null) : null;
      const match = { _id: { $lte: watermarkOf(doc) }, ...toMatch(query.conditions) };
      return countAtMost((limit, maxTimeMS) => {
        const options = { hint: hintOf(key), limit, maxTimeMS };
        return indexes.askBy(doc, key, () => rows.records(doc._id).countDocuments(match, options));
      });
    },
  };
}

export type RecordReads = ReturnType<typeof createRecordReads>;

/** A row, and what it is sorted by where that is short: who goes on from here needn't read it again. */
function positionOf(
  { columns }: DatasetDocument,
  { sort }: RecordQuery,
  { row, values }: DataRecord,
): CursorPosition {
  const column = sort && columns.find(({ key }) => key === sort.key);
  if (!column) return [row];
  const value = values[column.name] ?? null;
  const isLong = typeof value === "string" && value.length > longestInCursor;
  return isLong ? [row] : [row, value];
}

/** Along the sorted column's index; null where the conditions exclude each other. */
export function findAlong(
  doc: Counters,
  { sort, conditions }: RecordQuery,
  anchor: Anchor | null,
  isUp: boolean,
) {
  if (!sort) throw new TypeError("no order to go along");
  const stretch = stretchOf(sort.key, conditions);
  return (
    stretch && {
      filter: { _id: { $lte: watermarkOf(doc) }, ...toMatch(conditions) },
      bounds: indexBounds(sort.key, stretch, anchor, isUp),
    }
  );
}

/** The conditions, the watermark, and the place where the last page ended, for rows that are sorted when found. */
export function matchAll(
  doc: Counters,
  { sort, conditions }: RecordQuery,
  row: number | null,
  anchor: Anchor | null,
  isUp: boolean,
) {
  const match = toMatch(conditions);
  const _id = { $lte: watermarkOf(doc) };
  if (row === null) return { _id, ...match };
  if (!sort || !anchor) return { _id: isUp ? { $gt: row, ..._id } : { $lt: row }, ...match };
  return { _id, $and: [match, matchBeyond(sort.key, anchor.value, row, isUp)] };
}
