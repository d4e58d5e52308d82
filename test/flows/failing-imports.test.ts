import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Dataset } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const rows = 150_000;
const cluster = shareCluster({ api: 2, workers: 1 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const act = (id: string, verb: "cancel" | "retry", node = 0) =>
  ann.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST" }, cluster().url(node));

describe("an import that can't go on", () => {
  type Damage = "gone" | "cut short" | "unreadable";
  type Upload = { dataset: Dataset; job: Job };
  const breakFile = async (dataset: Dataset, how: Damage) => {
    const { mongo } = cluster();
    const datasets = mongo.collection<{ _id: string; sourceId: string }>("datasets");
    const sourceId = (await datasets.findOne({ _id: dataset.id }))?.sourceId ?? "";
    const chunks = mongo.collection("files.chunks");
    const last = (await chunks.countDocuments({ files_id: sourceId })) - 1;
    if (how === "gone") {
      await mongo.collection<{ _id: string }>("files.files").deleteOne({ _id: sourceId });
    } else if (how === "cut short") {
      await chunks.deleteOne({ files_id: sourceId, n: last });
    } else {
      await chunks.updateOne({ files_id: sourceId, n: 0 }, { $set: { data: 1 } });
    }
  };

  /** A cancelled import whose file is broken; the worker meets it with the retry. */
  async function prepare(text: string, how: Damage): Promise<Upload> {
    const { body } = await ann.upload(text);
    await act(body.job.id, "cancel");
    await ann.final(body.job.id);
    await breakFile(body.dataset, how);
    return body;
  }

  it("fails at once when its file is gone, and a retry fails again", async () => {
    const { job, dataset } = await prepare(makeCsv(150_000), "gone");
    const channel = await watch(ann, `job:${job.id}`);

    for (const run of [2, 3]) {
      await act(job.id, "retry");
      const { data } = await channel.until(({ type }) => type === "job.failed");

      expect(data).toMatchObject({ run, attempt: 1, error: { code: "source_missing" } });
    }
    expect((await ann.dataset(dataset.id)).status).toBe("failed");
  });

  it("fails, and is never called complete, when the end of its file is missing", async () => {
    const { job } = await prepare(makeCsv(rows), "cut short");
    const channel = await watch(ann, `job:${job.id}`);

    await act(job.id, "retry");
    const { data } = await channel.until(({ type }) => /completed|failed/.test(type));

    expect(data).toMatchObject({ state: "failed", error: { code: "source_missing" } });
  });

  it("is given up after five attempts that came to nothing", async () => {
    const { job } = await prepare(makeCsv(rows), "unreadable");
    const jobs = cluster().mongo.collection<{ _id: string }>("jobs");
    const channel = await watch(ann, `job:${job.id}`);
    await act(job.id, "retry");
    await channel.until(({ type }) => type === "job.retrying");

    // Three more attempts that failed, without their 2, 4 and 8 seconds.
    await jobs.updateOne({ _id: job.id, state: "queued" }, { $set: { idleAttempts: 4 } });
    const { data } = await channel.until(({ type }) => type === "job.failed");

    expect(data).toMatchObject({ state: "failed", run: 2, error: { code: "attempts_exhausted" } });
    expect(JSON.stringify(data)).not.toMatch(/chunk|files_id|mongo|node_modules/i);
  });

  it("fails with a plain reason when its file is empty", async () => {
    const { body } = await ann.upload("");

    const job = await ann.final(body.job.id);

    expect(job).toMatchObject({ state: "failed", attempt: 1, error: { code: "header_invalid" } });
  });
});
