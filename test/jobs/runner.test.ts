import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
import type { Attempt } from "../../server/jobs/attempt.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { createRunner } from "../../server/jobs/runner.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores.close());

/** Runs a job whose work is to be told to stop by a hint, with the flag that stands in MongoDB. */
async function runUntilHint(cancel: JobDocument["cancel"]) {
  const stop = new AbortController();
  const work = async ({ signal, job }: Attempt): Promise<never> => {
    // The flag is set by somebody else: the attempt has not read it yet.
    await stores.jobs.updateOne({ _id: job()._id }, { $set: { cancel } });
    stop.abort("cancel");
    signal.throwIfAborted();
    throw new Error("went on after the hint");
  };
  const store = createJobStore(stores);
  const catalog = { import: work, export: work, index: work, profile: work, purge: work };
  const run = createRunner({ ...stores, store, catalog, logger: pino({ level: "silent" }) });
  const dataset = { id: createId(), name: "a.csv" };
  const fresh = newJob({ userId: "u", kind: "purge", dataset, source: null });
  const job = { ...fresh, isAdmitted: true };
  await stores.jobs.create(job);

  await run(job._id, stop);

  return stores.jobs.findById(job._id).lean<JobDocument>();
}

describe("a run that ends", () => {
  it("gives its place on the queue to the next job of its owner", async () => {
    const dataset = { id: createId(), name: "a.csv" };
    const given = { userId: createId(), kind: "purge", dataset, source: null } as const;
    const [first, next] = [{ ...newJob(given), isAdmitted: true }, newJob(given)];
    await stores.jobs.create([first, next]);
    // One share is taken already: the place to be given is the one that this run has.
    await stores.jobs.create({ ...newJob(given), isAdmitted: true });
    const done = async () => ({ state: "completed", result: null }) as const;
    const run = createRunner({
      ...stores,
      store: createJobStore(stores),
      catalog: { import: done, export: done, index: done, profile: done, purge: done },
      logger: pino({ level: "silent" }),
    });

    await run(first._id, new AbortController());

    const ticket = `${stores.prefix}:jobs:${next.ticket}`;
    expect(await stores.redis.hget(ticket, "data")).toBe(JSON.stringify({ jobId: next._id }));
  });
});

describe("an attempt that a hint tells to stop", () => {
  it("ends cancelled when MongoDB says so too", async () => {
    expect(await runUntilHint("keep")).toMatchObject({ state: "cancelled", cancel: "keep" });
  });

  it("gives the job back when nobody has cancelled this run: the hint was for an earlier one", async () => {
    expect(await runUntilHint(null)).toMatchObject({ state: "queued", finishedAt: null });
  });
});
