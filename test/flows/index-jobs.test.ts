import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { buildIndexesOf, indexesOf } from "./support/indexes.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import type { Query } from "./support/query-model.ts";
import { recordsPath } from "./support/query-walk.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 2, workers: 1 });
const rows = 20_001;
const width = 21;

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

/** One row more than are sorted without an index. */
async function importRows(count = rows): Promise<string> {
  const header = Array.from({ length: width }, (_, i) => `n${i}`).join(",");
  const line = (_: unknown, row: number) =>
    Array.from({ length: width }, (_, i) => (row * 7 + i) % 1000).join(",");
  const { body } = await ann.upload(`${header}\n${Array.from({ length: count }, line).join("\n")}`);
  await ann.final(body.job.id);
  return body.dataset.id;
}

const by = (column: string): Query => ({ sort: { column, direction: "desc" } });
const ask = (id: string, query: Query, limit = 5, node = 0) =>
  ann.call<Page<DataRecord>>(recordsPath(id, query, limit), {}, cluster().url(node));
const act = (job: string, verb: "cancel" | "retry", json: unknown = {}) =>
  ann.call<Job>(`/api/v1/jobs/${job}/${verb}`, {
    method: "POST",
    ...(verb === "cancel" && { json }),
  });
const jobOf = async (id: string, query: Query) =>
  String(expectProblem(await ask(id, query), "index_building").jobId);

describe("the first question about a column of many rows", () => {
  it("begins one job, however many ask on whatever node, and is answered after it", async () => {
    const id = await importRows();
    const watcher = await watch(ann, "jobs");

    const asked = Array.from({ length: 30 }, (_, i) => ask(id, by("n3"), 1 + i, i % 2));
    // Whoever asks once the index is there is answered.
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 200);
    const problems = refused.map((one) => expectProblem(one, "index_building"));

    const [jobId = ""] = [...new Set(problems.map((problem) => String(problem.jobId)))];
    await watcher.until(
      ({ type, data }) => type === "job.completed" && "id" in data && data.id === jobId,
    );
    const job = (await ann.call<Job>(`/api/v1/jobs/${jobId}`)).body;
    const ofKind = await ann.call<Page<Job>>("/api/v1/jobs?kind=index");
    expect(problems.map((problem) => problem.jobId)).toEqual(problems.map(() => jobId));
    expect(problems[0]?.retryAfter).toBeGreaterThan(0);
    expect(ofKind.body.items).toEqual([job]);
    expect(job).toMatchObject({ kind: "index", state: "completed", dataset: { id }, result: null });
    expect(job.progress).toMatchObject({ phase: "finish", percent: 100 });
    const { items } = (await ask(id, by("n3"))).body;
    expect(items.map(({ values }) => values.n3)).toEqual([999, 999, 999, 999, 999]);
    watcher.close();
  });

  it("over the socket names the job, too, whose channel tells of the index", async () => {
    const id = await importRows();
    const socket = ann.socket();
    const query = { filter: [{ column: "n2", op: "lt", value: 5 }] } as const;

    const error = await ann
      .request(socket, "records:list", { datasetId: id, filter: [...query.filter] })
      .catch((thrown) => thrown);

    const job = await ann.final(error.jobId);
    expect(error).toMatchObject({ code: "index_building", retryAfter: expect.any(Number) });
    expect(job.state).toBe("completed");
    expect((await ask(id, { filter: [...query.filter] })).status).toBe(200);
  });

  it("is answered at once where no index would help or the rows are few", async () => {
    const id = await importRows();
    const few = await importRows(rows - 1);

    const noHelp = await ask(id, { filter: [{ column: "n1", op: "ne", value: 3 }] });
    const sorted = await ask(few, by("n1"));

    expect([noHelp.status, sorted.status]).toEqual([200, 200]);
    expect((await indexesOf(cluster(), few)).present).toEqual([]);
  });
});

describe("the indexes of a dataset", () => {
  it("are twenty at most; the one unused for longest goes", async () => {
    const id = await importRows();

    for (let i = 0; i < width; i += 1) await buildIndexesOf(ann, id, by(`n${i}`));

    const { present, ready } = await indexesOf(cluster(), id);
    const kept = Array.from({ length: 20 }, (_, i) => `c${i + 1}`).sort();
    expect(present.sort()).toEqual(kept);
    expect(ready.sort()).toEqual(kept);
    await jobOf(id, by("n0"));
  }, 120_000);

  it("are built again when one is gone behind the server's back", async () => {
    const id = await importRows();
    await buildIndexesOf(ann, id, by("n1"));
    await cluster().mongo.collection(`records_${id}`).dropIndex("c1");

    const job = await ann.final(await jobOf(id, by("n1")));

    expect(job.state).toBe("completed");
    expect((await ask(id, by("n1"))).status).toBe(200);
  });

  it("go with the dataset", async () => {
    const id = await importRows();
    await buildIndexesOf(ann, id, by("n1"));
    const { body } = await ann.call<{ job: Job }>(`/api/v1/datasets/${id}`, { method: "DELETE" });

    await ann.final(body.job.id);

    expectProblem(await ask(id, by("n1")), "not_found");
    expect(await cluster().mongo.listCollections()).not.toContainEqual(
      expect.objectContaining({ name: `records_${id}` }),
    );
  });
});

describe("an index job that waits", () => {
  it("ends by a cancel, leaves the dataset as it is, and makes way for another", async () => {
    const id = await importRows();
    await cluster().workers[0]?.kill();
    const first = await jobOf(id, by("n1"));

    expect(
      pathsOf(expectProblem(await act(first, "cancel", { rows: "discard" }), "validation_failed")),
    ).toEqual(["rows"]);
    const cancelled = await act(first, "cancel");

    expect(cancelled.body.state).toBe("cancelled");
    expectProblem(await act(first, "retry"), "conflict");
    expect((await ann.dataset(id)).status).toBe("ready");
    const second = await jobOf(id, by("n1"));
    expect(second).not.toBe(first);
    expect(await jobOf(id, by("n1"))).toBe(second);
    await cluster().start("worker", 1);
    expect((await ann.final(second)).state).toBe("completed");
  });

  it("finds nothing to do once its dataset is deleted", async () => {
    const id = await importRows();
    const job = await jobOf(id, by("n1"));
    const { body } = await ann.call<{ job: Job }>(`/api/v1/datasets/${id}`, { method: "DELETE" });

    const [built, purged] = await Promise.all([ann.final(job), ann.final(body.job.id)]);

    expect(["completed", "cancelled"]).toContain(built.state);
    expect(purged.state).toBe("completed");
    const names = (await cluster().mongo.listCollections()).map(({ name }) => name);
    expect(names).not.toContain(`records_${id}`);
  });
});
