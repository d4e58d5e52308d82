import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createId } from "../../server/infrastructure/ids.ts";
import { FenceLost } from "../../server/jobs/failures.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore, type JobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

const reached = (row: number) => ({
  place: { offset: row * 10, row, line: row + 1 },
  imported: row,
  rejected: 0,
});

let stores: Awaited<ReturnType<typeof openOwnStores>>;
let store: JobStore;

beforeAll(async () => {
  stores = await openOwnStores();
  store = createJobStore(stores);
});

afterAll(() => stores.close());

/** An import that is waiting, its dataset, and five rows in it. */
async function storeImport(): Promise<JobDocument> {
  const dataset = { id: createId(), name: "a.csv" };
  const rowsIds = await stores.rows.create(dataset.id);
  const records = toBson([1, 2, 3, 4, 5].map((row) => ({ _id: row, c: {} })));
  await stores.rows.insert(dataset.id, rowsIds, { records, rejects: [] });
  const fresh = newJob({ userId: "u", kind: "import", dataset, source: null });
  const job = { ...fresh, rowsIds, isAdmitted: true };
  const now = new Date();
  await stores.jobs.create(job);
  await stores.datasets.create({
    _id: dataset.id,
    userId: "u",
    name: dataset.name,
    format: "csv",
    status: "importing",
    columns: [],
    rows: 0,
    rejected: 0,
    bytes: 50,
    version: 1,
    sourceId: "s",
    createdAt: now,
    updatedAt: now,
  });
  return job;
}

async function claim(job: JobDocument): Promise<JobDocument> {
  const claimed = await store.claim(job._id);
  if (!claimed) throw new Error("nothing to claim");
  return claimed.job;
}

const rowsOf = async (job: JobDocument): Promise<number[]> =>
  (await stores.rows.records(job.dataset.id).find().sort({ _id: 1 }).toArray()).map((r) => r._id);
const datasetOf = (job: JobDocument) => stores.datasets.findById(job.dataset.id).lean();

describe("the store of an attempt", () => {
  it("changes checkpoint and counters together, under a new version", async () => {
    const attempt = await claim(await storeImport());

    const saved = await store.saveCheckpoint(attempt, reached(3), attempt.progress);

    expect(saved.job.checkpoint).toEqual(reached(3));
    expect(await datasetOf(attempt)).toMatchObject({ rows: 3, rejected: 0, version: 2 });
  });

  it("lets an attempt that was overtaken write nothing at all", async () => {
    const job = await storeImport();
    const older = await claim(job);
    const newer = await claim(job);
    await store.saveCheckpoint(newer, reached(4), newer.progress);

    const writes = [
      store.save(older, { progress: older.progress }),
      store.saveCheckpoint(older, reached(2), older.progress),
      store.finish(older, { state: "cancelled" }, older.progress),
      store.requeue(older, older.progress),
    ];
    const outcomes = await Promise.allSettled(writes);

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(FenceLost) });
    }
    expect(await datasetOf(job)).toMatchObject({ rows: 4, status: "importing" });
    expect(await rowsOf(job)).toEqual([1, 2, 3, 4, 5]);
  });

  it("cuts what lies beyond the checkpoint when a run is cancelled", async () => {
    const job = await storeImport();
    const attempt = await claim(job);
    await store.saveCheckpoint(attempt, reached(3), attempt.progress);

    await store.finish(attempt, { state: "cancelled" }, attempt.progress);

    expect(await rowsOf(job)).toEqual([1, 2, 3]);
    expect(await datasetOf(job)).toMatchObject({ rows: 3, status: "partial" });
  });

  it("makes the job of a profile together with the end of an import that leaves rows", async () => {
    const profilesOf = ({ dataset }: JobDocument) =>
      stores.jobs.find({ "dataset.id": dataset.id, kind: "profile" }).lean<JobDocument[]>();
    const begin = async () => claim(await storeImport());
    const [whole, partial, empty] = [await begin(), await begin(), await begin()];
    const [deleted, lost] = [await begin(), await begin()];
    for (const job of [partial, deleted]) await store.saveCheckpoint(job, reached(3), job.progress);
    await stores.datasets.updateOne({ _id: deleted.dataset.id }, { deletedAt: new Date() });
    await claim(lost);

    const done = { state: "completed", result: null } as const;
    const ended = await store.finish(whole, done, whole.progress);
    for (const job of [partial, empty, deleted])
      await store.finish(job, { state: "cancelled" }, job.progress);
    const overtaken = store.finish(lost, done, lost.progress);

    await expect(overtaken).rejects.toBeInstanceOf(FenceLost);
    expect(await profilesOf(whole)).toMatchObject([
      { _id: ended.profiling?._id, userId: "u", state: "queued", isAdmitted: true },
    ]);
    const others = await Promise.all([partial, empty, deleted, lost].map((job) => profilesOf(job)));
    expect(others.map(({ length }) => length)).toEqual([1, 0, 0, 0]);
  });

  it("ends a run once", async () => {
    const attempt = await claim(await storeImport());
    await store.finish(attempt, { state: "completed", result: null }, attempt.progress);

    const again = store.finish(attempt, { state: "cancelled" }, attempt.progress);

    await expect(again).rejects.toBeInstanceOf(FenceLost);
    expect(await store.claim(attempt._id)).toBeNull();
  });

  it("gives nobody a job that isn't admitted, whatever ticket it has", async () => {
    const job = await storeImport();
    await stores.jobs.updateOne({ _id: job._id }, { $set: { isAdmitted: false } });

    expect(await store.claim(job._id)).toBeNull();
  });

  it("raises the fence and counts the attempt with every claim", async () => {
    const job = await storeImport();

    const first = await claim(job);
    const second = await store.claim(job._id);

    expect([first.fence, first.attempt]).toEqual([2, 1]);
    expect(second).toMatchObject({ wasRunning: true, job: { fence: 3, attempt: 2 } });
    expect(second?.job.startedAt).toEqual(first.startedAt);
  });
});
