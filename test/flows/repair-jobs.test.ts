import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import type { Process } from "../support/processes.ts";
import { filePart, formType, makeForm } from "./support/form.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { download, sendRepair } from "./support/repairs.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 2, workers: 0 });
const people = "name,age\nAnn,41\nBob\nCid,x,7\n";
const file = "_row,name,age\n2,Bob,4\n3,Cid,7\n";

let ann: TestClient;
/** Datasets whose import is through, while no worker runs any more. */
const ready: string[] = [];
beforeAll(async () => {
  ann = await cluster().signUp();
  const worker = await cluster().start("worker", 0);
  for (let i = 0; i < 5; i += 1) {
    const { body } = await ann.upload(people);
    await ann.final(body.job.id);
    ready.push(body.dataset.id);
  }
  await worker.kill();
}, 60_000);

const take = () => ready.pop() ?? "";
const act = (jobId: string, verb: "cancel" | "retry", json?: object) =>
  ann.call<Job>(`/api/v1/jobs/${jobId}/${verb}`, { method: "POST", ...(json && { json }) });
async function withWorker<T>(work: (worker: Process) => Promise<T>): Promise<T> {
  const worker = await cluster().start("worker", 0);
  try {
    return await work(worker);
  } finally {
    await worker.kill();
  }
}

describe("sending a repair", () => {
  it("packed, plain or as a form under one Idempotency-Key makes one job", async () => {
    const id = take();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const send = (body: string | Uint8Array<ArrayBuffer>, more = {}) =>
      sendRepair(ann, id, body, { headers: key, ...more });

    const first = await send(file);
    const packed = await send(new Uint8Array(gzipSync(file)), {
      headers: { ...key, "Content-Encoding": "gzip" },
      at: cluster().url(1),
    });
    const asForm = await send(makeForm(filePart(file)), { type: formType });
    const other = await send(`${file}4,Dan,8\n`);
    const elsewhere = await sendRepair(ann, ready[0] ?? "", file, { headers: key });

    expect(first.headers.get("Location")).toBe(`/api/v1/jobs/${first.body.job.id}`);
    expect([packed.body, asForm.body]).toEqual([first.body, first.body]);
    for (const answer of [other, elsewhere]) expectProblem(answer, "conflict");
    const jobs = cluster().mongo.collection("jobs");
    expect(await jobs.countDocuments({ "dataset.id": id, isRepair: true })).toBe(1);
  });

  it("is refused for what is none of the caller's, in another form, and with options", async () => {
    const id = take();
    const bob = await cluster().signUp();
    const withName = makeForm({ name: "name", content: "x" }, filePart(file));
    const type = "application/x-ndjson";

    expectProblem(await sendRepair(bob, id, file), "not_found");
    expectProblem(await download(bob, id), "not_found");
    expectProblem(await download(ann, id, "ndjson"), "not_found");
    expectProblem(await download(ann, "x".repeat(22)), "not_found");
    expectProblem(await sendRepair(ann, id, "{}", { type }), "unsupported_media_type");
    const named = await sendRepair(ann, id, file, { query: "?name=x" });
    expect(pathsOf(expectProblem(named, "validation_failed"))).toEqual([""]);
    const form = await sendRepair(ann, id, withName, { type: formType });
    expectProblem(form, "validation_failed");
    expectProblem(await ann.call(`/api/v1/datasets/${id}/repairs`), "method_not_allowed");
    const bare = { method: "POST", headers: { "Content-Type": "text/csv" }, body: file };
    const path = new URL(`/api/v1/datasets/${id}/repairs`, cluster().url());
    expect((await fetch(path, bare)).status).toBe(401);
    expect((await fetch(new URL("rejects.csv", path))).status).toBe(401);
    expect(await cluster().mongo.collection("uploads").countDocuments()).toBe(0);
  });

  it("is a conflict until the import is through", async () => {
    const { body } = await ann.upload(people);

    expectProblem(await sendRepair(ann, body.dataset.id, file), "conflict");
    await act(body.job.id, "cancel");
    expectProblem(await sendRepair(ann, body.dataset.id, file), "conflict");
  });
});

describe("a repair that waits", () => {
  it("keeps the dataset as it is when it is cancelled, and goes on when it is retried", async () => {
    const id = take();
    const before = await ann.dataset(id);
    const { job } = (await sendRepair(ann, id, file)).body;

    const discard = await act(job.id, "cancel", { rows: "discard" });
    const cancelled = await act(job.id, "cancel");
    const after = await ann.dataset(id);
    const retried = await act(job.id, "retry");
    const final = await withWorker(() => ann.final(job.id));

    expectProblem(discard, "validation_failed");
    expect(cancelled.body).toMatchObject({ state: "cancelled", progress: { rowsRead: 0 } });
    expect(after).toEqual(before);
    expect(retried.body).toMatchObject({ state: "queued", run: 2 });
    expect(final).toMatchObject({ state: "completed", run: 2, result: { rowsImported: 2 } });
    expect(await ann.dataset(id)).toMatchObject({ status: "ready", rows: 3, rejected: 0 });
  });

  it("ends with its dataset, together with all others of it, and can't be retried", async () => {
    const id = take();
    const { job } = (await sendRepair(ann, id, file)).body;
    const second = (await sendRepair(ann, id, file)).body.job;
    const channel = await watch(ann, `job:${second.id}`);

    const { body } = await ann.call<{ job: Job }>(`/api/v1/datasets/${id}`, { method: "DELETE" });
    await channel.until(({ type }) => type === "job.cancelled");
    const purge = await withWorker(() => ann.final(body.job.id));

    expect(purge.state).toBe("completed");
    for (const one of [job, second]) {
      expect((await ann.call<Job>(`/api/v1/jobs/${one.id}`)).body.state).toBe("cancelled");
      expectProblem(await act(one.id, "retry"), "conflict");
    }
    const { mongo } = cluster();
    const sources = await mongo
      .collection<{ source: { id: string } }>("jobs")
      .find({ "dataset.id": id, isRepair: true })
      .toArray();
    const files = sources.map(({ source }) => source.id);
    expect(files).toHaveLength(2);
    expect(
      await mongo.collection("files.chunks").countDocuments({ files_id: { $in: files } }),
    ).toBe(0);
  });
});
