import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Dataset } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 1, workers: 1 });
const path = "/api/v1/datasets";

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

async function importFile(text = "id,city\n1,Oslo\n2\n") {
  const { body } = await ann.upload(text);
  return { id: body.dataset.id, job: await ann.final(body.job.id) };
}
const rename = (id: string, json: unknown) =>
  ann.call<Dataset>(`${path}/${id}`, { method: "PATCH", json });

describe("deleting a dataset", () => {
  const remove = (id: string, who = ann) =>
    who.call<{ job: Job }>(`${path}/${id}`, { method: "DELETE" });
  const collectionsOf = async (id: string) => {
    const names = (await cluster().mongo.listCollections()).map(({ name }) => name);
    return names.filter((name) => name.endsWith(id));
  };

  it("makes it not_found at once and everywhere, while its jobs stay listed", async () => {
    const { id, job } = await importFile();
    const socket = ann.socket();
    const channel = await watch(ann, `dataset:${id}`);

    const { status, body } = await remove(id);

    expect(status).toBe(202);
    expect(body.job).toMatchObject({ kind: "purge", dataset: { id, name: "test.csv" } });
    for (const rest of ["", "/records", "/rejects"]) {
      expectProblem(await ann.call(`${path}/${id}${rest}`), "not_found");
    }
    expectProblem(await rename(id, { name: "x" }), "not_found");
    expectProblem(await remove(id), "not_found");
    for (const event of ["datasets:get", "records:list", "rejects:list"] as const) {
      const asked = ann.request(socket, event, { datasetId: id });
      await expect(asked).rejects.toMatchObject({ code: "not_found" });
    }
    const { items } = (await ann.call<Page<Dataset>>(`${path}?limit=200`)).body;
    expect(items.map((item) => item.id)).not.toContain(id);
    await channel.until(({ type }) => type === "dataset.deleted");
    const jobs = (await ann.call<Page<Job>>("/api/v1/jobs")).body.items;
    expect(jobs.map((item) => item.id)).toEqual(expect.arrayContaining([job.id, body.job.id]));
  });

  it("removes its rows and its file, and nothing of others", async () => {
    const [gone, kept] = [await importFile(), await importFile()];
    const { mongo } = cluster();
    const find = (id: string) =>
      mongo.collection<{ _id: string; sourceId: string }>("datasets").findOne({ _id: id });
    const files = async (sourceId = "") => [
      await mongo.collection<{ _id: string }>("files.files").countDocuments({ _id: sourceId }),
      await mongo.collection("files.chunks").countDocuments({ files_id: sourceId }),
    ];
    const [source, other] = [(await find(gone.id))?.sourceId, (await find(kept.id))?.sourceId];
    expect(await collectionsOf(gone.id)).toHaveLength(2);

    const { body } = await remove(gone.id);
    const purge = await ann.final(body.job.id);

    expect(purge).toMatchObject({ state: "completed", result: null });
    expect(await collectionsOf(gone.id)).toEqual([]);
    expect(await files(source)).toEqual([0, 0]);
    expect(await files(other)).toEqual([1, 1]);
    expect(await collectionsOf(kept.id)).toHaveLength(2);
  });

  it("cancels its running import, which can't be retried then, and leaves no row", async () => {
    const { body } = await ann.upload(makeCsv(600_000));
    const id = body.dataset.id;
    const progress = await watch(ann, `job:${body.job.id}`);
    await progress.until(({ data }) => "progress" in data && data.progress.rowsImported > 0);

    const removed = await remove(id);
    const purge = await ann.final(removed.body.job.id);
    const job = await ann.final(body.job.id);
    const retried = await ann.call(`/api/v1/jobs/${job.id}/retry`, { method: "POST" });

    expect(purge.state).toBe("completed");
    expect(job.state).toBe("cancelled");
    expectProblem(retried, "conflict");
    expect(await collectionsOf(id)).toEqual([]);
    expectProblem(await ann.call(`${path}/${id}`), "not_found");
  });

  it("can't be cancelled", async () => {
    const { id } = await importFile();
    const { body } = await remove(id);

    const answer = await ann.call(`/api/v1/jobs/${body.job.id}/cancel`, { method: "POST" });

    expectProblem(answer, "conflict");
  });

  it("is nothing that anybody else can do", async () => {
    const { id } = await importFile();
    const bob = await cluster().signUp();

    expectProblem(await remove(id, bob), "not_found");
    expect((await ann.dataset(id)).rows).toBe(1);
  });
});
