import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { exportRows, fetchExport, orderExport } from "./support/exporting.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 2, workers: 1 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

async function importFile(text: string, who = ann, options = {}) {
  const { body } = await who.upload(text, options);
  await who.final(body.job.id);
  return body.dataset.id;
}
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("an export", () => {
  it("writes every row, packed or not, and says what it has written", async () => {
    const text = makeCsv(12_000, 90);
    const id = await importFile(text);

    const plain = await exportRows(ann, id, { format: "csv" });
    const packed = await exportRows(ann, id, { format: "csv", gzip: true });

    expect(plain.bytes.toString()).toBe(text);
    expect(gunzipSync(packed.bytes).toString()).toBe(text);
    for (const { job, file, bytes } of [plain, packed]) {
      expect(job).toMatchObject({
        kind: "export",
        state: "completed",
        dataset: { id, name: "test.csv" },
        progress: { phase: "finish", rowsWritten: 12_000, rowsTotal: 12_000, percent: 100 },
      });
      expect(file).toMatchObject({ id: job.id, bytes: bytes.length, rows: 12_000 });
      expect(file.sha256).toBe(sha256(bytes));
      const hours = (Date.parse(file.expiresAt) - Date.parse(job.finishedAt ?? "")) / 3600_000;
      expect(hours).toBeCloseTo(24, 1);
    }
    expect([plain.file.name, packed.file.name]).toEqual(["test.csv", "test.csv.gz"]);
  });

  it("of nothing is a whole file, too", async () => {
    const id = await importFile("id,city\n1,Oslo\n");
    const filter = [{ column: "id", op: "eq" as const, value: 2 }];

    const csv = await exportRows(ann, id, { format: "csv", filter });
    const ndjson = await exportRows(ann, id, { format: "ndjson", filter });
    const packed = await exportRows(ann, id, { format: "ndjson", filter, gzip: true });

    expect(csv.bytes.toString()).toBe("id,city\n");
    expect(ndjson.bytes.toString()).toBe("");
    expect(gunzipSync(packed.bytes).toString()).toBe("");
    expect(ndjson.job.progress).toMatchObject({ rowsWritten: 0, rowsTotal: 0, percent: 100 });
  });

  it("has the rows that were in when it was asked for, while an import goes on", async () => {
    const rows = 150_000;
    const { body } = await ann.upload(makeCsv(rows));
    const channel = await watch(ann, `job:${body.job.id}`);
    await channel.until(({ data }) => "progress" in data && data.progress.rowsImported > 0);

    const ordered = await orderExport(ann, body.dataset.id, { format: "ndjson" });
    const { file, lines } = await fetchExport(ann, ordered.body.job.id);
    await ann.final(body.job.id);

    const { rowsTotal } = ordered.body.job.progress;
    expect(rowsTotal).toBeGreaterThan(0);
    expect(rowsTotal).toBeLessThan(rows);
    expect(file.rows).toBe(rowsTotal);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(
      Array.from({ length: rowsTotal ?? 0 }, (_, i) => i + 1),
    );
  });

  it("has repaired rows of batches that were in by then, and no others", async () => {
    const id = await importFile("id,x\n1,a\n2\n3,c\n4\n");
    const { mongo } = cluster();
    const repaired = (row: number, r: number) => ({ _id: row, r, c: { c0: row, c1: "new" } });
    const records = mongo.collection<{ _id: number }>(`records_${id}`);
    await records.insertMany([repaired(2, 1), repaired(4, 2)]);
    const ids = async () =>
      (await exportRows(ann, id, { format: "ndjson" })).lines.map((line) => JSON.parse(line).id);

    const before = await ids();
    await mongo
      .collection<{ _id: string }>("datasets")
      .updateOne({ _id: id }, { $set: { repairs: 1 }, $inc: { rows: 1, rejected: -1 } });
    const after = await ids();

    expect(before).toEqual([1, 3]);
    expect(after).toEqual([1, 2, 3]);
  });

  it("is one job for equal calls with one key, over two nodes and the socket", async () => {
    const id = await importFile("id\n1\n");
    const other = await importFile("id\n2\n");
    const headers = { "Idempotency-Key": "one-key" };
    const order = (datasetId: string, node: number, gzip = false) =>
      orderExport(ann, datasetId, { format: "csv", gzip }, { headers, at: cluster().url(node) });

    const calls = Array.from({ length: 20 }, (_, i) => order(id, i % 2));
    const answers = await Promise.all(calls);
    const asked = { datasetId: id, format: "csv", idempotencyKey: "one-key" } as const;
    const told = await ann.request(ann.socket(), "exports:create", asked);

    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 202, body: answers[0]?.body });
    }
    expect(told).toEqual(answers[0]?.body);
    expect(answers[0]?.headers.get("Location")).toBe(`/api/v1/jobs/${told.job.id}`);
    const jobs = cluster().mongo.collection("jobs");
    expect(await jobs.countDocuments({ kind: "export", "dataset.id": id })).toBe(1);
    expectProblem(await order(other, 0), "conflict");
    expectProblem(await order(id, 1, true), "conflict");
  });

  it("is refused to others, and where it makes no sense", async () => {
    const id = await importFile('{"id":1,"j":[1]}\n', ann, { type: "application/x-ndjson" });
    const bob = await cluster().signUp();
    const refuse = async (body: object) =>
      pathsOf(expectProblem(await orderExport(ann, id, body as never), "validation_failed"));

    expectProblem(await orderExport(bob, id, { format: "csv" }), "not_found");
    const path = `/api/v1/datasets/${id}/exports`;
    const json = { format: "csv" };
    expectProblem(await ann.call(path, { method: "POST", json, token: "" }), "unauthorized");
    expect(await refuse({})).toEqual(["format"]);
    expect(await refuse({ format: "xlsx" })).toEqual(["format"]);
    expect(await refuse({ format: "csv", gzip: 1 })).toEqual(["gzip"]);
    expect(await refuse({ format: "csv", zip: true })).toEqual([""]);
    const sort = (column: string) => ({ format: "csv", sort: { column, direction: "asc" } });
    expect(await refuse(sort("nothing"))).toEqual(["sort.column"]);
    expect(await refuse(sort("j"))).toEqual(["sort.column"]);
    const asked = { datasetId: id, format: "csv" } as const;
    const foreign = bob.request(bob.socket(), "exports:create", asked);
    await expect(foreign).rejects.toMatchObject({ code: "not_found" });
  });

  it("goes with its dataset: a file at once, one that waits is cancelled", async () => {
    const id = await importFile("id\n1\n");
    const done = await exportRows(ann, id, { format: "csv" });
    const long = makeCsv(200_000);
    const busy = await Promise.all([ann.upload(long), ann.upload(long)]);
    const waiting = await orderExport(ann, id, { format: "csv" });

    const { body } = await ann.call<{ job: Job }>(`/api/v1/datasets/${id}`, { method: "DELETE" });
    const gone = await ann.call(done.file.url);
    const cancelled = await ann.final(waiting.body.job.id);
    for (const { body } of busy) {
      await ann.call(`/api/v1/jobs/${body.job.id}/cancel`, { method: "POST" });
    }
    await ann.final(body.job.id);
    const retried = await ann.call(`/api/v1/jobs/${cancelled.id}/retry`, { method: "POST" });

    expectProblem(gone, "not_found");
    expect(cancelled.state).toBe("cancelled");
    expectProblem(retried, "conflict");
    const chunks = cluster().mongo.collection("files.chunks");
    expect(await chunks.countDocuments({ files_id: done.file.id })).toBe(0);
  });
});
