import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { ExportBody } from "../../protocol/exports.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { exportRows, fetchExport, fileOf, orderExport } from "../flows/support/exporting.ts";
import { buildIndexesOf } from "../flows/support/indexes.ts";
import type { TestClient } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { jobOf } from "./support/judgement.ts";
import { type Recording, record } from "./support/recording.ts";
import { openSlowLink } from "./support/slow-link.ts";

/** Towards MongoDB, in each connection: a file of 7 MB takes some seconds. */
const slowly = 500_000;
const rows = 55_000;

/** Texts that gzip can't do much about. */
function makeFile(): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${i},${randomBytes(90).toString("base64")}`,
  );
  return `id,text\n${lines.join("\n")}\n`;
}

/** So many rows take more than a chunk. */
const isWritten = (event: Parameters<typeof jobOf>[0]) =>
  event.type === "job.progress" && (jobOf(event).progress.rowsWritten ?? 0) > 12_000;

/** A dataset, and a worker that is so slow that exports of it can be met halfway. */
async function prepare(cluster: Cluster) {
  const ann = await cluster.signUp();
  const first = await cluster.start("worker", 0);
  const { dataset, job } = (await ann.upload(makeFile())).body;
  await ann.final(job.id);
  return { ann, id: dataset.id, first };
}

async function begin(ann: TestClient, id: string, body: ExportBody) {
  const { job } = (await orderExport(ann, id, body)).body;
  return { job, recording: await record(ann.socket(), `job:${job.id}`) };
}

const untilWritten = ({ recording }: { recording: Recording }) =>
  recording.until(isWritten, "rows", 60);

describe("an export whose worker is killed", () => {
  it("goes on from its checkpoint and comes to the same bytes, packed or not", async () => {
    await using cluster = await startCluster({ api: 1, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const { ann, id, first } = await prepare(cluster);
    const sort = { column: "id", direction: "desc" } as const;
    const orders: ExportBody[] = [{ format: "ndjson", gzip: true, sort }, { format: "csv" }];
    await buildIndexesOf(ann, id, { sort });
    const whole = [];
    for (const order of orders) whole.push((await exportRows(ann, id, order)).file);
    await first.kill();
    const begun = [];
    for (const [i, order] of orders.entries()) {
      const victim = await cluster.start("worker", 1 + i, { MONGODB_URI: link.uri });
      const one = await begin(ann, id, order);
      begun.push(one);
      await untilWritten(one);
      await victim.kill();
    }
    link.cut();
    const marked = await markFirstChunks(
      cluster,
      begun.map(({ job }) => job.id),
    );
    await cluster.start("worker", 3);
    const ended = await Promise.all(begun.map(({ job }) => fetchExport(ann, job.id)));

    for (const [i, { job, file, bytes }] of ended.entries()) {
      expect(job.state).toBe("completed");
      expect(job.attempt).toBeGreaterThan(1);
      expect(file).toMatchObject({ rows, sha256: whole[i]?.sha256, bytes: whole[i]?.bytes });
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(file.sha256);
      const told = begun[i]?.recording.events().map((event) => jobOf(event).progress.rowsWritten);
      expect(told).toEqual(told?.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    }
    // What a checkpoint covers wasn't written again.
    expect(await marked()).toBe(orders.length);
  }, 120_000);
});

/** Marks the chunks that checkpoints cover for certain; the answer says how many still have the mark. */
async function markFirstChunks({ mongo }: Cluster, jobIds: string[]) {
  const chunks = mongo.collection("files.chunks");
  for (const files_id of jobIds) {
    const job = await mongo.collection<JobDocument>("jobs").findOne({ _id: files_id });
    expect(job?.exported?.bytes).toBeGreaterThan(0);
    await chunks.updateOne({ files_id, n: 0 }, { $set: { mark: true } });
  }
  return () => chunks.countDocuments({ files_id: { $in: jobIds }, mark: true });
}

describe("an export that runs", () => {
  it("can be cancelled and go on with a retry, and ends with its dataset and every byte", async () => {
    await using cluster = await startCluster({ api: 1, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const { ann, id, first } = await prepare(cluster);
    await first.kill("SIGTERM");
    await cluster.start("worker", 1, { MONGODB_URI: link.uri });
    const act = (jobId: string, verb: string) =>
      ann.call(`/api/v1/jobs/${jobId}/${verb}`, { method: "POST" });
    const [one, other] = [
      await begin(ann, id, { format: "csv" }),
      await begin(ann, id, { format: "csv" }),
    ];

    await Promise.all([one, other].map(untilWritten));
    await act(one.job.id, "cancel");
    const cancelled = await ann.final(one.job.id);
    await act(one.job.id, "retry");
    const finals = await Promise.all([one, other].map(({ job }) => ann.final(job.id)));
    const last = await begin(ann, id, { format: "ndjson" });
    await untilWritten(last);
    const { body } = await ann.call<{ job: { id: string } }>(`/api/v1/datasets/${id}`, {
      method: "DELETE",
    });
    const [ended] = await Promise.all([last.job.id, body.job.id].map((job) => ann.final(job)));

    expect(cancelled).toMatchObject({ state: "cancelled", result: null });
    expect(cancelled.progress.rowsWritten).toBeLessThan(rows);
    expect(finals.map(({ state, run }) => [state, run])).toEqual([
      ["completed", 2],
      ["completed", 1],
    ]);
    expect(new Set(finals.map((job) => fileOf(job).sha256)).size).toBe(1);
    expect(ended?.state).toBe("cancelled");
    const files = { files_id: { $in: [one, other, last].map(({ job }) => job.id) } };
    expect(await cluster.mongo.collection("files.chunks").countDocuments(files)).toBe(0);
  }, 120_000);
});
