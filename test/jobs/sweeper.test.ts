import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { createSweeper } from "../../server/jobs/sweeper.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

const logger = pino({ level: "silent" });
const longAgo = new Date(Date.now() - 20_000);

let stores: Awaited<ReturnType<typeof openOwnStores>>;
let sweep: () => Promise<void>;

beforeAll(async () => {
  stores = await openOwnStores();
  const store = createJobStore(stores);
  const deps = { ...stores, publish: stores.publishOrThrow, store, logger };
  sweep = createSweeper(deps).sweep;
});

afterAll(() => stores.close());

/** A job of a kind and state, stored, with rows 1 to 5 of which the checkpoint covers 3. */
async function storeJob(change: Partial<JobDocument>): Promise<JobDocument> {
  const dataset = { id: createId(), name: "a.csv" };
  const rowsIds = await stores.rows.create(dataset.id);
  const records = toBson([1, 2, 3, 4, 5].map((row) => ({ _id: row, c: {} })));
  await stores.rows.insert(dataset.id, rowsIds, { records, rejects: [] });
  const place = { offset: 30, row: 3, line: 4 };
  const job = {
    ...newJob({ userId: createId(), kind: "import", dataset, source: null }),
    isAdmitted: true,
    rowsIds,
    checkpoint: { place, imported: 3, rejected: 0 },
    ...change,
  };
  await stores.jobs.create(job);
  return job;
}

const rowsOf = async (job: JobDocument): Promise<number[]> =>
  (await stores.rows.records(job.dataset.id).find().sort({ _id: 1 }).toArray()).map((r) => r._id);
const eventsOf = (job: JobDocument) =>
  stores.redis.xrange(`${stores.prefix}:{job:${job._id}}:log`, "-", "+");
const readJob = (job: JobDocument) => stores.jobs.findById(job._id).lean<JobDocument>();

describe("the sweeper", () => {
  it("issues the ticket of an unfinished job again when Redis has lost it", async () => {
    const job = await storeJob({ state: "queued" });
    const ticket = `${stores.prefix}:jobs:${job.ticket}`;
    const before = await stores.redis.exists(ticket);

    await sweep();
    await sweep();

    expect(before).toBe(0);
    expect(await stores.redis.hget(ticket, "data")).toBe(JSON.stringify({ jobId: job._id }));
  });

  it("issues that of a profile in a queue of its own", async () => {
    const job = await storeJob({ state: "queued", kind: "profile" });

    await sweep();

    expect(await stores.redis.exists(`${stores.prefix}:profiles:${job.ticket}`)).toBe(1);
    expect(await stores.redis.exists(`${stores.prefix}:jobs:${job.ticket}`)).toBe(0);
  });

  it("sends a final event that is missing, once, and closes the books", async () => {
    const job = await storeJob({ state: "completed", finishedAt: longAgo });

    await sweep();
    await stores.jobs.updateOne({ _id: job._id }, { $set: { isSettled: false } });
    await sweep();

    const events = await eventsOf(job);
    expect(events).toHaveLength(1);
    expect(events[0]?.[1][1]).toContain('"type":"job.completed"');
    expect(await readJob(job)).toMatchObject({ isSettled: true });
  });

  it("cuts what lies beyond the checkpoint of a run that came to no good end", async () => {
    const job = await storeJob({ state: "cancelled", finishedAt: longAgo });

    await sweep();

    expect(await rowsOf(job)).toEqual([1, 2, 3]);
  });

  it("leaves a job alone whose run ended only just now, or goes on", async () => {
    const fresh = await storeJob({ state: "cancelled", finishedAt: new Date() });
    const running = await storeJob({ state: "running" });

    await sweep();

    expect([await rowsOf(fresh), await rowsOf(running)]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    expect([await eventsOf(fresh), await eventsOf(running)]).toEqual([[], []]);
  });

  it("cuts nothing once a retry has begun", async () => {
    const job = await storeJob({ state: "cancelled", finishedAt: longAgo });
    await stores.jobs.updateOne(
      { _id: job._id },
      { $inc: { fence: 1 }, $set: { state: "queued" } },
    );

    await createJobStore(stores).settle(job);

    expect(await rowsOf(job)).toEqual([1, 2, 3, 4, 5]);
  });

  it("removes the bytes of an upload that went silent an hour ago, not of one under way", async () => {
    const [silent, active] = [createId(), createId()];
    for (const id of [silent, active]) {
      await stores.storage.write(
        id,
        (async function* () {
          yield Buffer.from("a,b\n");
        })(),
      );
    }
    const hoursAgo = new Date(Date.now() - 2 * 3600_000);
    await stores.uploads.create({ _id: silent, userId: "u", activeAt: hoursAgo });
    await stores.uploads.create({ _id: active, userId: "u", activeAt: new Date() });

    await sweep();

    const chunks = await stores.connection.collection("files.chunks").find().toArray();
    expect(chunks.map(({ files_id }) => files_id)).toEqual([active]);
    expect(await stores.uploads.countDocuments()).toBe(1);
  });

  it("removes what exports have written a day after their end, not before", async () => {
    const store = async (hours: number) => {
      const finishedAt = new Date(Date.now() - hours * 3600_000);
      const job = await storeJob({ kind: "export", state: "failed", finishedAt, hasFile: true });
      const signal = new AbortController().signal;
      const file = await stores.storage.resume(job._id, 0, signal);
      await file.add(Buffer.from("a,b\n"));
      await file.end();
      return job;
    };
    const [old, young] = [await store(25), await store(23)];

    await sweep();

    const chunks = stores.connection.collection("files.chunks");
    const left = await chunks.find({ files_id: { $in: [old._id, young._id] } }).toArray();
    expect(left.map(({ files_id }) => files_id)).toEqual([young._id]);
    expect([(await readJob(old))?.hasFile, (await readJob(young))?.hasFile]).toEqual([false, true]);
  });
});
