import { beforeAll, describe, expect, it } from "@jest/globals";
import type { ChannelEvent } from "../../protocol/channels.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import { type Profile, profile as profileSchema } from "../../protocol/profiles.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import type { TestClient } from "../support/client.ts";
import { openLink } from "./support/link.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

/** Workers come when a test is ready for them. */
const cluster = shareCluster({ api: 2, workers: 0 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const header = "id,price,city,born,ok,note\n";
const row = (i: number) =>
  [i, (i % 4) / 4, i % 3 ? "Oslo" : "Århus", `2024-01-${10 + (i % 20)}`, i % 2 === 0, ""].join();
const makeFile = (rows: number) =>
  header + Array.from({ length: rows }, (_, i) => row(i + 1)).join("\n");

const ask = (datasetId: string, who = ann, node = 0) =>
  who.call<Profile>(`/api/v1/datasets/${datasetId}/profile`, {}, cluster().url(node));
const act = (id: string, verb: "cancel" | "retry", json: unknown = {}) =>
  ann.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST", json });
const isProfileOf =
  (datasetId: string, ...types: string[]) =>
  ({ type, data }: ChannelEvent) => {
    const { kind, dataset } = data as Job;
    return kind === "profile" && dataset.id === datasetId && types.includes(type);
  };
const ends = ["job.completed", "job.failed", "job.cancelled"];

describe("the profile of a dataset", () => {
  it("comes after its import, over REST and the socket, told of as a job, for its owner alone", async () => {
    const rows = 3000;
    const { dataset, job } = (await ann.upload(makeFile(rows))).body;
    const [channel, socket] = [await watch(ann, "jobs"), ann.socket(cluster().url(1))];
    const before = await ask(dataset.id);
    const missing = ann.request(socket, "profiles:get", { datasetId: dataset.id });
    await expect(missing).rejects.toMatchObject({ code: "not_found" });
    const worker = await cluster().start("worker", 0);

    const end = await channel.until(isProfileOf(dataset.id, ...ends));
    const { body } = await ask(dataset.id, ann, 1);
    const overSocket = await ann.request(socket, "profiles:get", { datasetId: dataset.id });
    const stranger = await ask(dataset.id, await cluster().signUp());
    const listed = await ann.call<Page<Job>>("/api/v1/jobs?kind=profile");
    const now = await ann.dataset(dataset.id);
    await worker.kill();

    for (const answer of [before, stranger]) expectProblem(answer, "not_found");
    expect(profileSchema.strict().parse(body)).toEqual(overSocket);
    expect(body).toMatchObject({ version: now.version, rows });
    expect(listed.body.items).toEqual([end.data]);
    expect(end.data).toMatchObject({ state: "completed", result: null, run: 1 });
    expect((end.data as Job).progress).toMatchObject({ rowsRead: rows, percent: 100 });
    const ofImport = channel.events.findIndex(
      ({ type, data }) => type === "job.completed" && (data as Job).id === job.id,
    );
    const ofProfile = channel.events.findIndex(isProfileOf(dataset.id, "job.queued"));
    expect(ofImport).toBeGreaterThan(-1);
    expect(ofProfile).toBeGreaterThan(ofImport);
    const [id, price, city, born, ok, note] = body.columns;
    expect(id).toMatchObject({ type: "integer", nulls: 0, min: 1, max: rows, mean: 1500.5 });
    expect(id?.distinct).toEqual({ count: rows, exact: true });
    expect(id?.histogram).toHaveLength(20);
    expect(price).toMatchObject({ type: "number", min: 0, max: 0.75, mean: 0.375 });
    expect(price?.top[0]).toEqual({ value: 0.25, count: 750 });
    expect(city).toMatchObject({ min: "Oslo", max: "Århus", mean: null, histogram: [] });
    expect(city?.top).toEqual([
      { value: "Oslo", count: 2000 },
      { value: "Århus", count: 1000 },
    ]);
    expect(born).toMatchObject({ type: "date", min: "2024-01-10", max: "2024-01-29" });
    expect(born?.histogram.at(0)?.from).toBe("2024-01-10T00:00:00.000Z");
    expect(born?.histogram.at(-1)?.to).toBe("2024-01-29T00:00:00.000Z");
    expect(ok).toMatchObject({ type: "boolean", min: false, max: true, mean: null });
    expect(note).toMatchObject({ nulls: rows, min: null, max: null, top: [], histogram: [] });
  });

  it("comes although its worker is killed in the middle of it", async () => {
    const { dataset } = (await ann.upload(makeFile(3000))).body;
    const channel = await watch(ann, "jobs");
    const link = await openLink(cluster().settings.MONGODB_URI);
    const name = `records_${dataset.id}`;
    // The first question about the rows that only a profile asks: its answer doesn't come.
    link.stallAfter(`find\0${String.fromCharCode(name.length + 1)}\0\0\0${name}`);
    const stalled = await cluster().start("worker", 0, { MONGODB_URI: link.url });

    await channel.until(isProfileOf(dataset.id, "job.started"));
    await stalled.kill();
    await link.cut();
    const none = await ask(dataset.id);
    const next = await cluster().start("worker", 1);
    const end = await channel.until(isProfileOf(dataset.id, ...ends));
    await next.kill();

    expectProblem(none, "not_found");
    expect(end.data).toMatchObject({ state: "completed", attempt: 2 });
    expect((await ask(dataset.id)).body.rows).toBe(3000);
  }, 120_000);
});

describe("the job of a profile", () => {
  it("can be cancelled and begun again, and has no rows to discard", async () => {
    const { dataset, job } = (await ann.upload(makeFile(10))).body;
    await act(job.id, "cancel");
    const { mongo } = cluster();
    const waiting = newJob({ userId: ann.user.id, kind: "profile", dataset, source: null });
    await mongo.collection<{ _id: string }>("jobs").insertOne(waiting);

    const discarded = await act(waiting._id, "cancel", { rows: "discard" });
    const cancelled = await act(waiting._id, "cancel");
    const again = await act(waiting._id, "retry");
    const worker = await cluster().start("worker", 0);
    const end = await ann.final(waiting._id);
    await worker.kill();
    const last = newJob({ userId: ann.user.id, kind: "profile", dataset, source: null });
    await mongo.collection<{ _id: string }>("jobs").insertOne(last);
    await act(last._id, "cancel");
    await ann.call(`/api/v1/datasets/${dataset.id}`, { method: "DELETE" });
    const tooLate = await act(last._id, "retry");

    expect(pathsOf(expectProblem(discarded, "validation_failed"))).toEqual(["rows"]);
    expect(cancelled.body.state).toBe("cancelled");
    expect(again.body).toMatchObject({ state: "queued", run: 2 });
    expect(end).toMatchObject({ state: "completed", run: 2, attempt: 1 });
    expectProblem(tooLate, "conflict");
    expectProblem(await ask(dataset.id), "not_found");
  });
});
