import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
import { transact } from "../../server/infrastructure/mongo.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { createQuota } from "../../server/jobs/quota.ts";
import { createSweeper } from "../../server/jobs/sweeper.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores.close());

/** A user, whose document is what transactions about her jobs meet at. */
async function makeUser(): Promise<string> {
  const _id = createId();
  await stores.connection.collection<{ _id: string }>("users").insertOne({ _id });
  return _id;
}

const purgeOf = (userId: string): JobDocument =>
  newJob({
    userId,
    kind: "purge",
    dataset: { id: createId(), name: "a.csv" },
    source: null,
  });

/** So many jobs that wait, oldest first. */
async function storeWaiting(userId: string, count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, (_, i) => ({
    ...purgeOf(userId),
    createdAt: new Date(1000 * i),
  }));
  await stores.jobs.create(jobs);
  return jobs.map(({ _id }) => _id);
}

const submit = (userId: string) =>
  transact(stores.connection, async (session) => {
    await stores.jobs.create([purgeOf(userId)], { session });
    return stores.shares.admit(userId, session);
  });

/** Ends an admitted job as a worker does; gives those that are admitted with that. */
async function end(jobId: string): Promise<JobDocument[]> {
  const store = createJobStore(stores);
  const claimed = await store.claim(jobId);
  if (!claimed) throw new Error("nothing to claim");
  const { job } = claimed;
  const ended = await store.finish(job, { state: "completed", result: null }, job.progress);
  return ended.admitted;
}

const idsOf = (jobs: JobDocument[]) => jobs.map(({ _id }) => _id);
const countAdmitted = (userId: string) => stores.jobs.countDocuments({ userId, isAdmitted: true });

describe("fair shares", () => {
  it("admit a user's oldest jobs, two at a time, and the next with each end", async () => {
    const ann = await makeUser();
    const ids = await storeWaiting(ann, 5);

    const first = await stores.shares.admitNext(ann);
    const full = await stores.shares.admitNext(ann);
    const next = await end(ids[1] ?? "");

    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(full).toEqual([]);
    expect(idsOf(next)).toEqual(ids.slice(2, 3));
  });

  it("and the limit of jobs don't count a profile, which nobody asked for", async () => {
    const ann = await makeUser();
    const dataset = { id: createId(), name: "a.csv" };
    const given = { userId: ann, kind: "profile", dataset, source: null } as const;
    await stores.jobs.create([newJob(given), newJob(given), newJob(given)]);
    const quota = createQuota({ ...stores, most: 1 });
    await quota.check(ann);
    const ids = await storeWaiting(ann, 3);

    const forgotten = await stores.shares.findForgotten();
    const admitted = await stores.shares.admitNext(ann);

    expect(forgotten).toContain(ann);
    expect(idsOf(admitted)).toEqual(ids.slice(0, 2));
    await expect(quota.check(ann)).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("of one user are nothing to another", async () => {
    const [ann, bob] = [await makeUser(), await makeUser()];
    await storeWaiting(ann, 5);
    await stores.shares.admitNext(ann);

    expect(await submit(bob)).toHaveLength(1);
  });

  it("stay two when two jobs end at the same time and others are submitted meanwhile", async () => {
    const ann = await makeUser();
    const ids = await storeWaiting(ann, 4);
    await stores.shares.admitNext(ann);

    const given = await Promise.all([
      end(ids[0] ?? ""),
      submit(ann),
      end(ids[1] ?? ""),
      submit(ann),
      stores.shares.admitNext(ann),
    ]);

    expect(idsOf(given.flat()).sort()).toEqual(ids.slice(2).sort());
    expect(await countAdmitted(ann)).toBe(2);
  });

  it("are two for many that submit at the same time", async () => {
    const ann = await makeUser();

    await Promise.all(Array.from({ length: 6 }, () => submit(ann)));

    expect(await countAdmitted(ann)).toBe(2);
  });

  it("let no job wait that is submitted while another ends", async () => {
    const ann = await makeUser();
    const ids = await storeWaiting(ann, 2);
    await stores.shares.admitNext(ann);
    const late = purgeOf(ann);
    let following: Promise<JobDocument[]> | undefined;

    const admitted = await transact(stores.connection, async (session) => {
      await stores.jobs.create([late], { session });
      const full = await stores.shares.admit(ann, session);
      // The end has seen no job that waits, unless it waits for this transaction.
      if (!following) {
        following = end(ids[0] ?? "");
        for (let i = 0; i < 40; i++) await stores.jobs.exists({ _id: late._id });
      }
      return full;
    });
    const next = await following;

    expect(admitted).toEqual([]);
    expect(idsOf(next ?? [])).toEqual([late._id]);
  });

  it("are given by the sweeper where jobs wait although there is room", async () => {
    const [ann, bob] = [await makeUser(), await makeUser()];
    const ids = await storeWaiting(ann, 3);
    await storeWaiting(bob, 3);
    await stores.shares.admitNext(bob);
    const store = createJobStore(stores);
    const logger = pino({ level: "silent" });
    const forgotten = await stores.shares.findForgotten();

    await createSweeper({ ...stores, publish: stores.publishOrThrow, store, logger }).sweep();

    expect(forgotten).toContain(ann);
    expect(forgotten).not.toContain(bob);
    const tickets = await Promise.all(
      ids.map((id) => stores.redis.exists(`${stores.prefix}:jobs:${id}-1`)),
    );
    expect(tickets).toEqual([1, 1, 0]);
    expect([await countAdmitted(ann), await countAdmitted(bob)]).toEqual([2, 2]);
  });

  it("are found by an index", async () => {
    const explained = await Promise.all([
      stores.jobs.find({ userId: "u", isAdmitted: true }).explain("queryPlanner"),
      stores.jobs.find({ isAdmitted: true }).explain("queryPlanner"),
      stores.jobs
        .find({ userId: "u", state: "queued", isAdmitted: false })
        .sort({ createdAt: 1, _id: 1 })
        .explain("queryPlanner"),
    ]);

    const used = explained.map((plan) => JSON.stringify(plan).match(/"indexName":"\w+"/)?.[0]);
    expect(used).toEqual([
      '"indexName":"isAdmitted_1_userId_1"',
      '"indexName":"isAdmitted_1_userId_1"',
      '"indexName":"state_1_userId_1_createdAt_1__id_1"',
    ]);
    expect(JSON.stringify(explained[2])).not.toContain('"SORT"');
  });
});
