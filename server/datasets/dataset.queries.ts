import type { Collection, Filter, WithId } from "mongodb";
import type { DataRecord, Reject } from "../../protocol/datasets.ts";
import type { CursorPosition } from "../infrastructure/cursor.ts";
import type { Keyset } from "../infrastructure/keyset.ts";
import { cutStretch, readStretch } from "../infrastructure/stretch.ts";
import { countAtMost, longestQueryMs } from "./count-at-most.ts";
import type { DatasetDocument, DatasetModel } from "./dataset.model.ts";
import { toRecord } from "./record-values.ts";
import type { Rows } from "./rows.ts";

export function createDatasetQueries(datasets: DatasetModel, rows: Rows) {
  /** Datasets of a user, newest first. */
  const ofUser = (userId: string): Keyset<DatasetDocument> => ({
    scope: `${userId}\0datasets`,
    fetch: async (from, isForward, most) => {
      const found = await datasets
        .find({ userId, deletedAt: null, ...beyond(from, isForward) })
        .sort(isForward ? { createdAt: -1, _id: -1 } : { createdAt: 1, _id: 1 })
        .limit(most + 1)
        .maxTimeMS(longestQueryMs)
        .lean();
      return cutStretch(found, most);
    },
    positionOf: (doc) => [doc.createdAt.getTime(), doc._id],
  });

  const records = (doc: DatasetDocument): Keyset<DataRecord> =>
    byRow(doc, "records", rows.records(doc._id), (record) => toRecord(record, doc.columns));

  const rejects = (doc: DatasetDocument): Keyset<Reject> =>
    byRow(
      doc,
      "rejects",
      rows.rejects(doc._id),
      ({ _id, ...reject }) => ({ row: _id, ...reject }),
      { text: 0 },
    );

  const countOfUser = (userId: string) =>
    countAtMost((most, ms) =>
      datasets.countDocuments({ userId, deletedAt: null }).limit(most).maxTimeMS(ms),
    );

  return { ofUser, records, rejects, countOfUser };
}

/** What a dataset holds in row order, up to its watermark; the collection is clustered by row. */
function byRow<Stored extends { _id: number }, Item extends { row: number }>(
  doc: DatasetDocument,
  list: string,
  collection: Collection<Stored>,
  toItem: (stored: WithId<Stored>) => Item,
  projection = {},
): Keyset<Item> {
  const watermark = doc.rows + doc.rejected;
  return {
    scope: `${doc.userId}\0${list}\0${doc._id}`,
    fetch: (from, isForward, most) => {
      const row = Number(from?.[0] ?? 0);
      const _id = isForward ? { $gt: row, $lte: watermark } : { $lt: Math.min(row, watermark + 1) };
      const found = collection
        .find({ _id } as Filter<Stored>, { maxTimeMS: longestQueryMs, projection })
        .sort({ _id: isForward ? 1 : -1 })
        .limit(most + 1);
      return readStretch(found, { most, toItem, moreBytes: nameBytes(doc) });
    },
    positionOf: (item) => [item.row],
  };
}

/** What the names of a record's columns take up in it. */
export const nameBytes = ({ columns }: DatasetDocument): number =>
  columns.reduce((sum, { name }) => sum + name.length, 0);

/** The condition for what comes after (or before) a position in "newest first". */
export function beyond(from: CursorPosition | null, isForward: boolean): object {
  if (!from) return {};
  const [time, id] = from;
  const createdAt = new Date(Number(time));
  const [op, within] = isForward ? ["$lt", "$lte"] : ["$gt", "$gte"];
  // The plain bound is what the index starts at; MongoDB finds none in an `$or` alone.
  return {
    createdAt: { [within]: createdAt },
    $or: [{ createdAt: { [op]: createdAt } }, { _id: { [op]: id } }],
  };
}
