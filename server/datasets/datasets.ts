import type { DataRecord, Dataset, Reject } from "../../protocol/datasets.ts";
import { defaultPageSize, type Page } from "../../protocol/pages.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError } from "../errors.ts";
import type { Cache } from "../infrastructure/cache.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { coalesce } from "../infrastructure/coalesce.ts";
import type { Cursors } from "../infrastructure/cursor.ts";
import { type Keyset, readKeyset } from "../infrastructure/keyset.ts";
import type { DatasetDocument, DatasetModel } from "./dataset.model.ts";
import { createDatasetQueries } from "./dataset.queries.ts";
import { datasetChannel } from "./dataset-channel.ts";
import { toChange, toDataset } from "./dataset-view.ts";
import type { Rows } from "./rows.ts";

type PageRequest = { limit?: number | undefined; cursor?: string | undefined };
type RowsRequest = PageRequest & { datasetId: string };

type Deps = {
  model: DatasetModel;
  rows: Rows;
  cursors: Cursors;
  cache: Cache;
  publish: Publish;
};

export function createDatasets({ model, rows, cursors, cache, publish }: Deps) {
  const queries = createDatasetQueries(model, rows);
  const findById = coalesce((id: string) => model.findById(id).lean<DatasetDocument>().exec());

  /** Somebody else's dataset is `not_found`, like one that isn't there. */
  async function require(principal: Principal, datasetId: string): Promise<DatasetDocument> {
    const doc = await findById(datasetId);
    if (!doc || doc.userId !== principal.userId || doc.deletedAt) throw new AppError("not_found");
    return doc;
  }

  /** A page of rows, cached in its encoded form under the dataset's version. */
  async function rowsPage<Item>(
    keyset: Keyset<Item>,
    doc: DatasetDocument,
    total: number,
    { limit = defaultPageSize, cursor }: PageRequest,
  ): Promise<Page<Item>> {
    const key = [keyset.scope, doc.version, limit, cursor ?? ""].join("\0");
    const text = await cache.read(key, async () =>
      JSON.stringify({
        ...(await readKeyset(cursors, keyset, { limit, cursor })),
        total: { count: total, exact: true },
        version: doc.version,
      }),
    );
    return JSON.parse(text);
  }

  return {
    async list(principal: Principal, request: PageRequest): Promise<Page<Dataset>> {
      const [page, total] = await Promise.all([
        readKeyset(cursors, queries.ofUser(principal.userId), request),
        queries.countOfUser(principal.userId),
      ]);
      return { ...page, items: page.items.map(toDataset), total };
    },

    async get(principal: Principal, datasetId: string): Promise<Dataset> {
      return toDataset(await require(principal, datasetId));
    },

    /** Whether this was a dataset of the user that is deleted by now. */
    async isDeleted(principal: Principal, datasetId: string): Promise<boolean> {
      const doc = await findById(datasetId);
      return doc !== null && doc.userId === principal.userId && doc.deletedAt !== null;
    },

    async records(principal: Principal, request: RowsRequest): Promise<Page<DataRecord>> {
      const doc = await require(principal, request.datasetId);
      return rowsPage(queries.records(doc), doc, doc.rows, request);
    },

    async rejects(principal: Principal, request: RowsRequest): Promise<Page<Reject>> {
      const doc = await require(principal, request.datasetId);
      return rowsPage(queries.rejects(doc), doc, doc.rejected, request);
    },

    async rename(principal: Principal, datasetId: string, name: string): Promise<Dataset> {
      const changed = await model
        .findOneAndUpdate(
          { _id: datasetId, userId: principal.userId, deletedAt: null },
          { $set: { name, updatedAt: new Date() }, $inc: { version: 1 } },
          { returnDocument: "after" },
        )
        .lean<DatasetDocument>();
      if (!changed) throw new AppError("not_found");
      await announceChange(publish, changed, false);
      return toDataset(changed);
    },
  };
}

export type Datasets = ReturnType<typeof createDatasets>;

/** Tells the dataset's channel how it stands now. */
export async function announceChange(
  publish: Publish,
  doc: DatasetDocument,
  withColumns: boolean,
): Promise<void> {
  await publish({
    channel: datasetChannel(doc._id),
    type: "dataset.changed",
    data: toChange(doc, withColumns),
    id: `changed:${doc.version}`,
    // Who is slower to tell of an older state than another of a newer one isn't heard.
    fence: { of: doc._id, value: doc.version },
  });
}

export async function announceDeletion(publish: Publish, doc: DatasetDocument): Promise<void> {
  await publish({
    channel: datasetChannel(doc._id),
    type: "dataset.deleted",
    data: toDataset(doc),
    id: `changed:${doc.version}`,
    fence: { of: doc._id, value: doc.version },
  });
}
