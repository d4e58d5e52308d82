import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import { shareCluster } from "./support/shared-cluster.ts";

/** Nobody works here: whatever is admitted stays on the queue. */
const cluster = shareCluster({ api: 1, workers: 0 });

let ann: TestClient;
beforeEach(async () => {
  ann = await cluster().signUp();
});

const submit = async (who = ann) => (await who.upload("id\n1\n")).body;
const post = (id: string, verb: "cancel" | "retry") =>
  ann.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST" });

/** Which of these jobs have a ticket, in the order of the queue (BullMQ pops its list at the right). */
async function onQueue(jobs: Job[]): Promise<string[]> {
  const tickets = await cluster().redis.lrange(
    `${cluster().settings.REDIS_PREFIX}:jobs:wait`,
    0,
    -1,
  );
  const ids = tickets.map((ticket) => ticket.replace(/-\d+$/, "")).reverse();
  return ids.filter((id) => jobs.some((job) => job.id === id));
}

describe("of one user's jobs", () => {
  it("two are on the queue, and those of others are right behind them", async () => {
    const bob = await cluster().signUp();
    const mine = [(await submit()).job, (await submit()).job, (await submit()).job];
    const his = (await submit(bob)).job;

    const queue = await onQueue([...mine, his]);

    expect(queue).toEqual([mine[0]?.id, mine[1]?.id, his.id]);
    for (const { state } of mine) expect(state).toBe("queued");
  });

  it("the oldest that waits follows one that is cancelled", async () => {
    const jobs = [(await submit()).job, (await submit()).job, (await submit()).job];

    await post(jobs[0]?.id ?? "", "cancel");

    expect(await onQueue(jobs)).toEqual(expect.arrayContaining([jobs[1]?.id, jobs[2]?.id]));
  });

  it("one that is cancelled while it waits gives nobody a place", async () => {
    const jobs = [];
    for (let i = 0; i < 4; i++) jobs.push((await submit()).job);

    await post(jobs[3]?.id ?? "", "cancel");

    expect(await onQueue(jobs)).toEqual([jobs[0]?.id, jobs[1]?.id]);
  });

  it("a retry and a purge wait like all others", async () => {
    const given = [await submit(), await submit(), await submit()];
    const jobs = given.map(({ job }) => job);
    await post(jobs[2]?.id ?? "", "cancel");

    const retried = await post(jobs[2]?.id ?? "", "retry");
    const path = `/api/v1/datasets/${given[0]?.dataset.id}`;
    const { body } = await ann.call<{ job: Job }>(path, { method: "DELETE" });

    expect(retried.status).toBe(202);
    expect(await onQueue([...jobs.slice(1), body.job])).toEqual([jobs[1]?.id, jobs[2]?.id]);
  });
});
