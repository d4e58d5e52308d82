import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DatasetDocument } from "../../server/datasets/dataset.model.ts";
import type { RejectDocument } from "../../server/datasets/parsing/seam.ts";
import type { RepairBatch, RepairRow } from "../../server/datasets/repairing/seam.ts";
import { RowsGone } from "../../server/datasets/rows.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { FenceLost } from "../../server/jobs/failures.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore, type JobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
let store: JobStore;
beforeAll(async () => {
  stores = await openOwnStores();
  store = createJobStore(stores);
});
afterAll(() => stores.close());

const reject = (row: number): RejectDocument => ({
  _id: row,
  line: row + 1,
  code: "column_count",
  message: "1 cell instead of 2",
  raw: "x",
});

/** A dataset of ten rows: three are in, the rejects of two are kept, those of five only counted. */
async function storeDataset(): Promise<DatasetDocument> {
  const id = createId();
  const rowsIds = await stores.rows.create(id);
  const records = toBson([1, 2, 4].map((row) => ({ _id: row, c: { c0: row } })));
  await stores.rows.insert(id, rowsIds, { records, rejects: [reject(3), reject(5)] });
  const now = new Date();
  const dataset: DatasetDocument = {
    _id: id,
    userId: "u",
    name: "a.csv",
    format: "csv",
    status: "ready",
    columns: [{ key: "c0", name: "n", type: "integer" }],
    rows: 3,
    rejected: 7,
    bytes: 50,
    version: 1,
    sourceId: "s",
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  await stores.datasets.create(dataset);
  return dataset;
}

async function storeJob({ _id, name }: DatasetDocument, isRepair: boolean): Promise<JobDocument> {
  const given = { userId: "u", kind: "import", dataset: { id: _id, name }, source: null } as const;
  const job = newJob({ ...given, ...(isRepair && { isRepair }) });
  await stores.jobs.create({ ...job, isAdmitted: true });
  const claimed = await store.claim(job._id);
  if (!claimed) throw new Error("nothing to claim");
  return claimed.job;
}

const mended = (row: number): RepairRow => ({
  row,
  line: row,
  text: `${row}`,
  rejection: null,
  record: { c: { c0: row } },
});
const batchOf = (...rows: RepairRow[]): RepairBatch => ({
  rows,
  end: { offset: 9 * rows.length, row: rows.length, line: rows.length + 1 },
});
const commit = (job: JobDocument, batch: RepairBatch) => store.saveRepair(job, batch, {});

async function look(id: string) {
  const dataset = await stores.datasets.findById(id).lean<DatasetDocument>();
  const find = async (list: "records" | "rejects") =>
    (await stores.rows[list](id).find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  const { rows, rejected, version } = dataset ?? {};
  return {
    rows,
    rejected,
    version,
    records: await find("records"),
    rejects: await find("rejects"),
  };
}

describe("the store of a repair", () => {
  it("lets rows in, their rejects out, and counts both at one go", async () => {
    const dataset = await storeDataset();
    const { _id } = dataset;
    const job = await storeJob(dataset, true);

    const { job: saved } = await commit(job, batchOf(mended(3), mended(7), mended(1), mended(11)));

    expect(await look(_id)).toEqual({
      ...{ rows: 5, rejected: 5, version: 2 },
      ...{ records: [1, 2, 3, 4, 7], rejects: [5] },
    });
    expect(await stores.rows.records(_id).findOne({ _id: 7 })).toMatchObject({ r: 1 });
    expect(saved).toMatchObject({
      checkpoint: {
        ...{ imported: 3, rejected: 1, place: { row: 4 } },
        repair: { alreadyIn: 1, unknown: 1, unknownLines: [11] },
      },
      progress: { rowsRead: 4, rowsImported: 3, rowsRejected: 1 },
    });
  });

  it("changes no version where nothing changes", async () => {
    const dataset = await storeDataset();
    const { _id } = dataset;
    const job = await storeJob(dataset, true);
    const rejection = { code: "column_count", message: "1 cell instead of 2" } as const;
    const same = { ...mended(5), text: "x", record: null, rejection };

    const { isChanged } = await commit(job, batchOf(mended(1), same));

    expect(isChanged).toBe(false);
    expect(await look(_id)).toMatchObject({ rows: 3, rejected: 7, version: 1, rejects: [3, 5] });
  });

  it("lets an attempt that was overtaken write nothing at all", async () => {
    const dataset = await storeDataset();
    const older = await storeJob(dataset, true);
    await store.claim(older._id);

    const late = commit(older, batchOf(mended(3)));

    await expect(late).rejects.toBeInstanceOf(FenceLost);
    expect(await look(dataset._id)).toMatchObject({ rows: 3, rejected: 7, records: [1, 2, 4] });
  });

  it("lets each row in once when two repairs bring it at the same moment", async () => {
    const dataset = await storeDataset();
    const jobs = [await storeJob(dataset, true), await storeJob(dataset, true)];

    const saved = await Promise.all(jobs.map((job) => commit(job, batchOf(mended(3), mended(5)))));

    expect(await look(dataset._id)).toMatchObject({ rows: 5, rejected: 5, rejects: [] });
    const alreadyIn = saved.map(({ job }) => job.checkpoint?.repair?.alreadyIn);
    expect(alreadyIn.toSorted()).toEqual([0, 2]);
  });

  it("lets nothing into a dataset that is deleted", async () => {
    const dataset = await storeDataset();
    const job = await storeJob(dataset, true);
    await stores.datasets.updateOne({ _id: dataset._id }, { $set: { deletedAt: new Date() } });

    await expect(commit(job, batchOf(mended(3)))).rejects.toBeInstanceOf(RowsGone);
  });

  it("is reckoned with by an import that goes on afterwards", async () => {
    const dataset = await storeDataset();
    await commit(await storeJob(dataset, true), batchOf(mended(3), mended(5)));
    const first = await storeJob(dataset, false);
    const place = { offset: 99, row: 12, line: 13 };

    await store.saveCheckpoint(first, { place, imported: 5, rejected: 7 }, first.progress);

    expect(await look(dataset._id)).toMatchObject({ rows: 7, rejected: 5 });
  });

  it("leaves the dataset's state, and rows beyond its own place, at the end of a run", async () => {
    const dataset = await storeDataset();
    const job = await storeJob(dataset, true);

    await store.finish(job, { state: "cancelled" }, job.progress);
    await store.settle({ ...job, state: "cancelled" });

    expect(await look(dataset._id)).toMatchObject({ version: 1, records: [1, 2, 4] });
    expect(await stores.datasets.findById(dataset._id).lean()).toMatchObject({ status: "ready" });
  });
});
