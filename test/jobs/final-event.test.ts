import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { AppError } from "../../server/errors.ts";
import { publishLeniently } from "../../server/infrastructure/channel.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { createRunner } from "../../server/jobs/runner.ts";
import { createSweeper } from "../../server/jobs/sweeper.ts";
import { openOwnStores } from "../support/cluster.ts";

const logger = pino({ level: "silent" });

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores.close());

/** Runs a purge to its end with a given way to the channels; 20 s later by its own clock. */
async function runToEnd(publish = stores.publish): Promise<JobDocument> {
  const store = createJobStore(stores);
  const dataset = { id: createId(), name: "a.csv" };
  const fresh = newJob({ userId: createId(), kind: "purge", dataset, source: null });
  await stores.jobs.create({ ...fresh, isAdmitted: true });
  const done = async () => ({ state: "completed", result: null }) as const;
  const catalog = { import: done, export: done, index: done, profile: done, purge: done };
  await createRunner({ ...stores, publish, store, catalog, logger })(
    fresh._id,
    new AbortController(),
  );
  const finishedAt = new Date(Date.now() - 20_000);
  await stores.jobs.updateOne({ _id: fresh._id }, { $set: { finishedAt } });
  return readJob(fresh);
}

async function readJob({ _id }: JobDocument): Promise<JobDocument> {
  const job = await stores.jobs.findById(_id).lean<JobDocument>();
  if (!job) throw new Error("the job is gone");
  return job;
}

const channelKeys = ({ _id, userId }: JobDocument) =>
  stores.redis
    .keys(`${stores.prefix}:{job*`)
    .then((keys) => keys.filter((key) => key.includes(_id) || key.includes(userId)));

async function finalEvents({ _id, userId }: JobDocument): Promise<number> {
  const rooms = [`{job:${_id}}`, `{jobs:${userId}}`];
  const logs = rooms.map((room) => stores.redis.xrange(`${stores.prefix}:${room}:log`, "-", "+"));
  const events = (await Promise.all(logs)).flat().map(([, [, text]]) => text ?? "");
  return events.filter((text) => text.includes('"type":"job.completed"')).length;
}

const sweep = () =>
  createSweeper({
    ...stores,
    publish: stores.publishOrThrow,
    store: createJobStore(stores),
    logger,
  }).sweep();

describe("the final event of a run", () => {
  it("isn't sent again to a Redis that has lost everything since", async () => {
    const job = await runToEnd();
    const before = await finalEvents(job);
    await stores.redis.del(await channelKeys(job));

    await sweep();

    expect(before).toBe(2);
    expect(job.isAnnounced).toBe(true);
    expect(await finalEvents(job)).toBe(0);
    expect((await readJob(job)).isSettled).toBe(true);
  });

  it("that Redis didn't take is sent by the sweeper", async () => {
    const refuse = () => Promise.reject(new AppError("unavailable"));

    const job = await runToEnd(publishLeniently(refuse, logger));
    const before = await finalEvents(job);
    await sweep();

    expect([job.state, job.isAnnounced, before]).toEqual(["completed", false, 0]);
    expect(await finalEvents(job)).toBe(2);
    expect((await readJob(job)).isSettled).toBe(true);
  });
});
