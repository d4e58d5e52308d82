import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { eventually } from "./support/eventually.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 2, workers: 1 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

type Rows = "keep" | "discard";
const cancel = (id: string, rows?: Rows, node = 0) =>
  ann.call<Job>(
    `/api/v1/jobs/${id}/cancel`,
    { method: "POST", json: { ...(rows && { rows }) } },
    cluster().url(node),
  );
const retry = (id: string) => ann.call<Job>(`/api/v1/jobs/${id}/retry`, { method: "POST" });
const readDataset = (id: string) => ann.call(`/api/v1/datasets/${id}`);

/** Starts a long import and waits until some of its rows are in. */
async function importPartly() {
  const { body } = await ann.upload(makeCsv(600_000));
  const progress = await watch(ann, `job:${body.job.id}`);
  await progress.until(({ data }) => "progress" in data && data.progress.rowsImported > 0);
  return { ...body, progress };
}

const purgesOf = async (datasetId: string): Promise<Job[]> => {
  const { items } = (await ann.call<Page<Job>>("/api/v1/jobs?kind=purge&limit=200")).body;
  return items.filter(({ dataset }) => dataset.id === datasetId);
};

/** Collections and files that are left of a dataset. */
async function countLeft(datasetId: string): Promise<number> {
  const { mongo } = cluster();
  const names = (await mongo.listCollections()).map(({ name }) => name);
  const doc = await mongo
    .collection<{ _id: string; sourceId: string }>("datasets")
    .findOne({ _id: datasetId });
  const chunks = await mongo
    .collection("files.chunks")
    .countDocuments({ files_id: doc?.sourceId ?? "" });
  return names.filter((name) => name.endsWith(datasetId)).length + chunks;
}

describe("cancelling a running import with `discard`", () => {
  it("deletes the dataset at once and leaves no row and no file", async () => {
    const { job, dataset, progress } = await importPartly();
    const ofDataset = await watch(ann, `dataset:${dataset.id}`);

    const asked = await cancel(job.id, "discard", 1);
    const read = await readDataset(dataset.id);
    await ofDataset.until(({ type }) => type === "dataset.deleted");
    await progress.until(({ type }) => type === "job.cancelled");
    const [purge] = await purgesOf(dataset.id);
    const purged = await ann.final(purge?.id ?? "");

    expect([asked.status, asked.body.id]).toEqual([202, job.id]);
    expectProblem(read, "not_found");
    expect(purged.state).toBe("completed");
    expect(
      await eventually(
        () => countLeft(dataset.id),
        (left) => left === 0,
      ),
    ).toBe(0);
    expectProblem(await retry(job.id), "conflict");
    expect(await cancel(job.id, "discard")).toMatchObject({
      status: 202,
      body: { id: job.id, state: "cancelled" },
    });
    expect(await purgesOf(dataset.id)).toHaveLength(1);
  });

  it("comes too late when another cancel has said `keep`", async () => {
    const { job, dataset, progress } = await importPartly();

    const kept = await cancel(job.id);
    await progress.until(({ type }) => type === "job.cancelled");
    const late = await cancel(job.id, "discard");

    expect(kept.status).toBe(202);
    expectProblem(late, "conflict");
    expect((await ann.dataset(dataset.id)).status).toBe("partial");
  });

  it("isn't taken back by a cancel that says `keep`", async () => {
    const { job, dataset, progress } = await importPartly();

    await cancel(job.id, "discard");
    const late = await cancel(job.id, "keep");
    await progress.until(({ type }) => type === "job.cancelled");

    expect(late.status).toBe(202);
    expectProblem(await readDataset(dataset.id), "not_found");
  });

  it("is a conflict once the import is completed", async () => {
    const { body } = await ann.upload("id\n1\n");
    await ann.final(body.job.id);

    const answer = await cancel(body.job.id, "discard");

    expectProblem(answer, "conflict");
    expect((await ann.dataset(body.dataset.id)).status).toBe("ready");
  });
});
