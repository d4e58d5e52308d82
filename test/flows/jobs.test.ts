import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Job, job as jobSchema } from "../../protocol/jobs.ts";
import type { Answer, TestClient } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

/** Nobody works here: every job waits. */
const cluster = shareCluster({ api: 2, workers: 0, env: { LIMIT_JOBS: "1000" } });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const act = (
  id: string,
  verb: "cancel" | "retry",
  json?: unknown,
  who = ann,
): Promise<Answer<Job>> =>
  who.call<Job>(`/api/v1/jobs/${id}/${verb}`, {
    method: "POST",
    ...(json !== undefined && { json }),
  });
const submit = async (who = ann) => (await who.upload("id\n1\n")).body;
const stored = (id: string) =>
  cluster().mongo.collection<{ _id: string; fence: number }>("jobs").findOne({ _id: id });

describe("cancelling a job that waits", () => {
  it("ends it at once, on each node and in each channel, with one event", async () => {
    const { job, dataset } = await submit();
    const [ofJob, ofAll] = [await watch(ann, `job:${job.id}`), await watch(ann, "jobs")];

    const { status, body } = await act(job.id, "cancel");
    const elsewhere = await ann.call<Job>(`/api/v1/jobs/${job.id}`, {}, cluster().url(1));
    const events = [
      await ofJob.until(({ type }) => type === "job.cancelled"),
      await ofAll.until(({ type }) => type === "job.cancelled"),
    ];

    expect(status).toBe(202);
    expect(jobSchema.strict().parse(body)).toMatchObject({
      state: "cancelled",
      run: 1,
      attempt: 0,
      startedAt: null,
      result: null,
      error: null,
    });
    expect(body.finishedAt).not.toBeNull();
    expect(elsewhere.body).toEqual(body);
    for (const { data } of events) expect(data).toEqual(body);
    expect(await ann.dataset(dataset.id)).toMatchObject({ status: "partial", rows: 0 });
  });

  it("tells those who watch its dataset that it is partial, and a retry that it is imported", async () => {
    const { job, dataset } = await submit();
    const channel = await watch(ann, `dataset:${dataset.id}`);
    const next = () => channel.until(({ type }) => type === "dataset.changed");

    await act(job.id, "cancel");
    const cancelled = await next();
    await act(job.id, "retry");
    const retried = await next();

    expect([cancelled.data, retried.data]).toMatchObject([
      { status: "partial" },
      { status: "importing" },
    ]);
  });

  it("twice answers as at first", async () => {
    const { job } = await submit();

    const first = await act(job.id, "cancel", { rows: "keep" });
    const second = await act(job.id, "cancel", {});

    expect(second).toMatchObject({ status: 202, body: first.body });
  });

  it("from many places at once ends it once", async () => {
    const { job } = await submit();
    const channel = await watch(ann, `job:${job.id}`);

    const answers = await Promise.all(Array.from({ length: 10 }, () => act(job.id, "cancel")));
    await act(job.id, "retry");
    await channel.until(({ data }) => "run" in data && data.run === 2);

    for (const { status, body } of answers) {
      expect([status, body.state]).toEqual([202, "cancelled"]);
    }
    expect(channel.events.map(({ type }) => type)).toEqual(["job.cancelled", "job.queued"]);
  });

  it.each([
    ["a wrong word", { rows: "some" }],
    ["an unknown key", { priority: 1 }],
    ["null", null],
  ])("is refused with %s, and the job stays", async (_what, json) => {
    const { job } = await submit();

    expectProblem(await act(job.id, "cancel", json), "validation_failed");
    expect((await ann.call<Job>(`/api/v1/jobs/${job.id}`)).body.state).toBe("queued");
  });

  it("is nothing that anybody else can do", async () => {
    const bob = await cluster().signUp();
    const { job } = await submit();

    for (const verb of ["cancel", "retry"] as const) {
      expectProblem(await act(job.id, verb, {}, bob), "not_found");
    }
    expectProblem(await bob.call(`/api/v1/jobs/${job.id}`), "not_found");
    expect((await ann.call<Job>(`/api/v1/jobs/${job.id}`)).body).toEqual(job);
  });
});

describe("retrying a job", () => {
  it("makes a new run of a cancelled one, under a higher fence", async () => {
    const { job, dataset } = await submit();
    const before = await stored(job.id);
    const cancelled = await act(job.id, "cancel");

    const { status, body } = await act(job.id, "retry");

    expect(status).toBe(202);
    expect(body).toEqual({ ...job, run: 2 });
    expect((await stored(job.id))?.fence).toBe((before?.fence ?? 0) + 2);
    expect((await ann.dataset(dataset.id)).status).toBe("importing");
    expect(cancelled.body.run).toBe(1);
  });

  it("is refused while it waits, and done once for many that ask", async () => {
    const { job } = await submit();

    const early = await act(job.id, "retry");
    await act(job.id, "cancel");
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(job.id, "retry")));

    expectProblem(early, "conflict");
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(7).fill(409)]);
    expect((await ann.call<Job>(`/api/v1/jobs/${job.id}`)).body.run).toBe(2);
  });

  it("takes no wishes", async () => {
    const { job } = await submit();
    await act(job.id, "cancel");

    expectProblem(await act(job.id, "retry", { attempts: 99 }), "validation_failed");
  });
});
