import type { DataRecord, Dataset, Format } from "../../protocol/datasets.ts";
import { defaultPageSize, type Page } from "../../protocol/pages.ts";
import type { Profile } from "../../protocol/profiles.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError } from "../errors.ts";
import type { Cache } from "../infrastructure/cache.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { coalesce } from "../infrastructure/coalesce.ts";
import type { Cursors } from "../infrastructure/cursor.ts";
import { Encoded } from "../infrastructure/encoded.ts";
import { type Keyset, readKeyset } from "../infrastructure/keyset.ts";
import type { Versions } from "../infrastructure/versions.ts";
import { createColumnIndexes, type RequestIndex } from "./column-indexes.ts";
import type { DatasetDocument, DatasetModel } from "./dataset.model.ts";
import { createDatasetQueries } from "./dataset.queries.ts";
import { announceChange } from "./dataset-channel.ts";
import { toDataset } from "./dataset-view.ts";
import type { Profiles } from "./profiles.ts";
import {
  fingerprintOf,
  type RecordQuery,
  type RecordQueryRequest,
  readRecordQuery,
} from "./querying/record-query.ts";
import { createRecordReads } from "./querying/record-reads.ts";
import { openRejectsFile } from "./repairing/open-rejects-file.ts";
import type { Rows } from "./rows.ts";

type PageRequest = { limit?: number | undefined; cursor?: string | undefined };
type RowsRequest = PageRequest & { datasetId: string };

type RowsList<Item> = {
  /** tells this list, and what is asked of it, from all others of a dataset */
  name: string;
  open: (doc: DatasetDocument) => {
    keyset: Keyset<Item>;
    total: (shown: number) => Promise<Page<Item>["total"]> | Page<Item>["total"];
  };
};

type Deps = {
  model: DatasetModel;
  profiles: Profiles;
  rows: Rows;
  cursors: Cursors;
  cache: Cache;
  versions: Versions;
  publish: Publish;
  requestIndex: RequestIndex;
};

export function createDatasets(deps: Deps) {
  const { model, profiles, rows, cursors, cache, versions, publish, requestIndex } = deps;
  const queries = createDatasetQueries(model, rows);
  const reads = createRecordReads(rows, createColumnIndexes(model, requestIndex));
  const findById = coalesce((id: string) => model.findById(id).lean<DatasetDocument>().exec());

  /** Somebody else's dataset is `not_found`, like one that isn't there. */
  async function require(principal: Principal, datasetId: string): Promise<DatasetDocument> {
    const doc = await findById(datasetId);
    if (!doc || doc.userId !== principal.userId || doc.deletedAt) throw new AppError("not_found");
    return doc;
  }

  /** A page of rows in its encoded form, kept under the dataset's version. */
  async function rowsPage<Item>(
    principal: Principal,
    list: RowsList<Item>,
    { datasetId, limit = defaultPageSize, cursor }: RowsRequest,
  ): Promise<Encoded<Page<Item>>> {
    const json = await cache.read({
      id: datasetId,
      // Whose dataset it is was asked when the page was made.
      key: [principal.userId, list.name, limit, cursor === undefined ? "" : `=${cursor}`].join(":"),
      read: () => require(principal, datasetId),
      compute: async (doc) => {
        const { keyset, total } = list.open(doc);
        const page = await readKeyset(cursors, keyset, { limit, cursor });
        return JSON.stringify({
          ...page,
          total: await total(page.items.length),
          version: doc.version,
        });
      },
    });
    return new Encoded(json);
  }

  /** Records in row order, or as a sort and a filter say. */
  function recordsList(principal: Principal, request: RecordQueryRequest): RowsList<DataRecord> {
    const asked = fingerprintOf(request);
    const open = (doc: DatasetDocument) => {
      const query = readRecordQuery(doc.columns, request);
      const keyset = asked ? reads.keyset(doc, query) : queries.records(doc);
      const isFiltered = query.conditions.length > 0;
      const total = (shown: number) =>
        isFiltered ? countMatches(principal, doc, query, shown) : { count: doc.rows, exact: true };
      return { keyset, total };
    };
    return { name: `records${asked}`, open };
  }

  /** Counted once for all pages of a version; what is shown is there, even where the count took too long. */
  async function countMatches(
    principal: Principal,
    { _id }: DatasetDocument,
    query: RecordQuery,
    shown: number,
  ): Promise<Page<DataRecord>["total"]> {
    const json = await cache.read({
      id: _id,
      key: [principal.userId, "count", query.fingerprint].join(":"),
      read: () => require(principal, _id),
      compute: async (doc) => JSON.stringify(await reads.count(doc, query)),
    });
    const total: Page<DataRecord>["total"] = JSON.parse(json);
    return total.exact ? total : { count: Math.max(total.count, shown), exact: false };
  }

  const openRejects = (doc: DatasetDocument) => ({
    keyset: queries.rejects(doc),
    total: () => ({ count: doc.rejected, exact: true }),
  });

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

    records: (principal: Principal, request: RowsRequest & RecordQueryRequest) =>
      rowsPage(principal, recordsList(principal, request), request),

    rejects: (principal: Principal, request: RowsRequest) =>
      rowsPage(principal, { name: "rejects", open: openRejects }, request),

    /** The rejects that are kept as a file, to be mended; only in the form of the source. */
    rejectsFile: async (principal: Principal, datasetId: string, format: Format) =>
      openRejectsFile(rows, await require(principal, datasetId), format),

    /** The newest profile of its columns; `not_found` before there is one. */
    async profile(principal: Principal, datasetId: string): Promise<Profile> {
      await require(principal, datasetId);
      const found = await profiles.find(datasetId);
      if (!found) throw new AppError("not_found");
      return found;
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
      await versions.changed(changed);
      await announceChange(publish, changed, false);
      return toDataset(changed);
    },
  };
}

export type Datasets = ReturnType<typeof createDatasets>;
