import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { record } from "../faults/support/recording.ts";
import { openSlowLink, type SlowLink } from "../faults/support/slow-link.ts";
import type { TestClient } from "../support/client.ts";
import { startCluster } from "../support/cluster.ts";
import { makeCsv } from "./support/csv.ts";
import { isUnbroken, openEvents } from "./support/event-stream.ts";
import { eventually } from "./support/eventually.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId, resign } from "./support/tokens.ts";

/** Nobody works here until a test starts a worker: every job waits. */
const cluster = shareCluster({ api: 2, workers: 0 });

let ann: TestClient;
let link: SlowLink;
beforeAll(async () => {
  ann = await cluster().signUp();
  link = await openSlowLink(cluster().settings.MONGODB_URI ?? "", 2_000_000);
});
afterAll(() => link?.[Symbol.asyncDispose]());

const submit = async (who = ann, file = "a\n1\n") => (await who.upload(file)).body.job.id;
/** How many nodes hear the events of a job. */
async function countHearing(jobId: string): Promise<number> {
  const channel = `${cluster().settings.REDIS_PREFIX}#/#{job:${jobId}}#`;
  const [, count] = (await cluster().redis.call("PUBSUB", "SHARDNUMSUB", channel)) as unknown[];
  return Number(count);
}

describe("the events of a job, while it runs", () => {
  it("come without a gap on every node, go on elsewhere after a cut, and end with the job", async () => {
    const jobId = await submit(ann, makeCsv(60_000, 50));
    const socket = await record(ann.socket(), `job:${jobId}`);
    const whole = await openEvents(ann, jobId);
    const cut = await openEvents(ann, jobId);
    const worker = await cluster().start("worker", 0, { MONGODB_URI: link.uri });

    await cut.until(({ type }) => type === "job.progress", "progress");
    cut.leave();
    const after = cut.events.at(-1)?.id;
    await whole.until(({ seq }) => seq > (cut.events.at(-1)?.seq ?? 0), "an event that is missed");
    const resumed = await openEvents(ann, jobId, { at: cluster().url(1), after });
    await Promise.all([whole.ended, resumed.ended]);
    const { headers } = whole;
    const late = await openEvents(ann, jobId);
    await late.ended;
    const again = await openEvents(ann, jobId, { after: whole.events.at(-1)?.id });
    await worker.kill("SIGTERM");

    expect(headers.get("Content-Type")).toBe("text/event-stream");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Accel-Buffering")).toBe("no");
    const [snapshot, ...events] = whole.events;
    expect(snapshot).toMatchObject({ type: "snapshot", job: { id: jobId, state: "queued" } });
    expect(isUnbroken(whole.events)).toBe(true);
    const heard = socket.events().map(({ seq, type, data }) => ({ seq, type, job: data }));
    expect(events.map(({ seq, type, job }) => ({ seq, type, job }))).toEqual(heard);
    expect(whole.events.at(-1)).toMatchObject({
      type: "job.completed",
      job: { state: "completed", progress: { percent: 100 }, result: { rowsImported: 60_000 } },
    });
    expect([...cut.events, ...resumed.events]).toEqual(whole.events);
    expect(late.events).toMatchObject([{ type: "snapshot", job: { state: "completed" } }]);
    expect(again.status).toBe(204);
    expect(
      await eventually(
        () => countHearing(jobId),
        (count) => count === 1,
      ),
    ).toBe(1);
    await socket.stop();
    expect(
      await eventually(
        () => countHearing(jobId),
        (count) => count === 0,
      ),
    ).toBe(0);
  });
});

describe("the events of a job", () => {
  it.each([
    ["another epoch", "nobody:3"],
    ["a position ahead of the log", null],
    ["something else", "42"],
    ["nothing", ""],
  ])("begin with a snapshot after %s", async (_name, given) => {
    const jobId = await submit();
    const first = await openEvents(ann, jobId);
    const { id } = await first.until(() => true, "a snapshot");
    first.leave();

    const stream = await openEvents(ann, jobId, { after: given ?? `${id}00` });
    await stream.until(() => true, "a snapshot");
    stream.leave();

    expect(stream.events).toMatchObject([{ id, type: "snapshot", job: { state: "queued" } }]);
  });

  it("end when it is cancelled, and go on with a retry", async () => {
    const jobId = await submit();
    const stream = await openEvents(ann, jobId);
    await stream.until(() => true, "a snapshot");

    await ann.call(`/api/v1/jobs/${jobId}/cancel`, { method: "POST" });
    await stream.ended;
    await ann.call(`/api/v1/jobs/${jobId}/retry`, { method: "POST" });
    const resumed = await openEvents(ann, jobId, { after: stream.events.at(-1)?.id });
    await resumed.until(() => true, "the next run");
    resumed.leave();

    expect(stream.events.map(({ type }) => type)).toEqual(["snapshot", "job.cancelled"]);
    expect(resumed.events).toMatchObject([{ type: "job.queued", job: { run: 2 } }]);
    expect(isUnbroken([...stream.events, ...resumed.events])).toBe(true);
  });

  it("are nobody else's, and need a good token", async () => {
    const jobId = await submit();
    const bob = await cluster().signUp(1);
    const path = (id: string) => `/api/v1/jobs/${id}/events`;

    expectProblem(await bob.call(path(jobId)), "not_found");
    expectProblem(await ann.call(path(randomId())), "not_found");
    expectProblem(await ann.call(path("x")), "not_found");
    expectProblem(await ann.call(path(jobId), { token: "" }), "unauthorized");
    expectProblem(await ann.call(`${path(jobId)}?after=1`), "validation_failed");
    expectProblem(await ann.call(path(jobId), { method: "POST" }), "method_not_allowed");
    expect(await countHearing(jobId)).toBe(0);
  });

  it("end with the token", async () => {
    const jobId = await submit();
    const token = resign(ann.token, { exp: Math.floor(Date.now() / 1000) + 2 });

    const stream = await openEvents({ ...ann, token }, jobId);
    await stream.ended;

    expect(stream.events).toHaveLength(1);
    expect(stream.comments).toEqual(["The access token has expired."]);
  });

  it("leave nothing behind when the reader goes", async () => {
    const jobId = await submit();
    const streams = await Promise.all([1, 2, 3].map(() => openEvents(ann, jobId)));
    await Promise.all(streams.map(({ until }) => until(() => true, "a snapshot")));
    const before = await countHearing(jobId);

    for (const { leave } of streams) leave();

    expect(before).toBe(1);
    expect(
      await eventually(
        () => countHearing(jobId),
        (count) => count === 0,
      ),
    ).toBe(0);
  });
});

describe("a node that is told to end", () => {
  it("ends its streams at once and leaves with 0", async () => {
    await using own = await startCluster({ api: 2, workers: 0 });
    const node = own.api[0];
    const bob = await own.signUp();
    const jobId = await submit(bob);
    const stream = await openEvents(bob, jobId);
    const { id } = await stream.until(() => true, "a snapshot");
    const toldAt = Date.now();

    node?.child.kill("SIGTERM");
    await stream.ended;
    const endedAfter = Date.now() - toldAt;
    if (node?.child.exitCode === null) await once(node.child, "exit");
    const resumed = await openEvents(bob, jobId, { at: own.url(1), after: id });
    await bob.call(`/api/v1/jobs/${jobId}/cancel`, { method: "POST" }, own.url(1));
    await resumed.ended;

    expect(endedAfter).toBeLessThan(2000);
    expect(stream.comments).toEqual(["This node is going away."]);
    expect(node?.child.exitCode).toBe(0);
    expect(resumed.events.map(({ type }) => type)).toEqual(["job.cancelled"]);
  });
});
