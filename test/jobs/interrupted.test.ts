import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
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

/** Six attempts at a job, each of which ends with this error, or because its process ends. */
async function attemptWith(err: Error, reason?: "shutdown") {
  const stop = new AbortController();
  const fail = () => {
    if (reason) stop.abort(reason);
    return Promise.reject(err);
  };
  const store = createJobStore(stores);
  const catalog = { import: fail, export: fail, index: fail, profile: fail, purge: fail };
  const run = createRunner({ ...stores, store, catalog, logger: pino({ level: "silent" }) });
  const dataset = { id: createId(), name: "a.csv" };
  const fresh = newJob({ userId: createId(), kind: "purge", dataset, source: null });
  await stores.jobs.create({ ...fresh, isAdmitted: true });
  for (let i = 0; i < 6; i++) await run(fresh._id, stop);
  return stores.jobs.findById(fresh._id).lean<JobDocument>();
}

describe("an attempt that fails", () => {
  it("because MongoDB was away says nothing against the job", async () => {
    const job = await attemptWith(new mongoose.mongo.MongoNetworkError("closed"));

    expect(job).toMatchObject({ state: "queued", attempt: 6, idleAttempts: 0 });
  });

  it("because its worker was told to stop says nothing against the job", async () => {
    const job = await attemptWith(new Error("aborted"), "shutdown");

    expect(job).toMatchObject({ state: "queued", attempt: 6, idleAttempts: 0 });
  });

  it("for any other reason ends the run the fifth time", async () => {
    const job = await attemptWith(new Error("no"));

    expect(job).toMatchObject({
      state: "failed",
      attempt: 5,
      error: { code: "attempts_exhausted" },
    });
  });
});
