import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { profileQueries } from "./support/profile.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { itemsOf, walkForward } from "./support/walk.ts";

const cluster = shareCluster({ api: 2, workers: 1 });
const limit = 100;

let ann: TestClient;
let datasetId: string;
beforeAll(async () => {
  ann = await cluster().signUp();
  datasetId = await importFile(ann, makeCsv(10_000));
});

/** Until its profile is there, too: what reads the rows for it isn't counted. */
async function importFile(user: TestClient, csv: string): Promise<string> {
  const { body } = await user.upload(csv);
  await user.final(body.job.id);
  const jobs = await user.call<Page<Job>>("/api/v1/jobs?kind=profile");
  for (const { id } of jobs.body.items) await user.final(id);
  return body.dataset.id;
}

const records = (cursor: string | null, size = limit) => {
  const after = cursor === null ? "" : `&cursor=${cursor}`;
  return ann.call<Page<DataRecord>>(`/api/v1/datasets/${datasetId}/records?limit=${size}${after}`);
};

describe("what a page costs", () => {
  it("is a range of the rows' own order, as short deep inside as at the start", async () => {
    const profile = await profileQueries(cluster(), `records_${datasetId}`);

    const pages = await walkForward(async (cursor) => (await records(cursor)).body);
    const back = await records(pages.at(-1)?.previous ?? null);

    const queries = await profile.stop();
    expect(back.body.items).toEqual(pages.at(-2)?.items);
    expect(queries).toHaveLength(101);
    for (const { docsExamined, hasSortStage, planSummary } of queries) {
      expect(planSummary).toBe("CLUSTERED_IXSCAN");
      expect(hasSortStage).toBe(false);
      expect(docsExamined).toBeLessThanOrEqual(limit + 2);
    }
  });

  it.each(["datasets", "jobs"])("is as little deep inside the list of %s", async (name) => {
    const bob = await cluster().signUp();
    await importFile(bob, "id\n1\n");
    const collection = cluster().mongo.collection<{ _id: string; createdAt: Date }>(name);
    const own = await collection.find({ userId: bob.user.id }).toArray();
    const [one] = own;
    const all = 1500 + own.length;
    const createdAt = (i: number) => new Date(1_600_000_000_000 + Math.floor(i / 3) * 1000);
    const copies = Array.from({ length: 1500 }, (_, i) => ({
      ...one,
      _id: `copy-of-one-1234-${String(i).padStart(5, "0")}`,
      createdAt: createdAt(i),
      ...(name === "jobs" && { state: "completed", isSettled: true }),
    }));
    await collection.insertMany(copies);
    const profile = await profileQueries(cluster(), name);

    const pages = await walkForward<{ id: string }>(async (cursor) => {
      const path = `/api/v1/${name}?limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`;
      return (await bob.call<Page<{ id: string }>>(path)).body;
    });

    // Workers look at jobs, too.
    const queries = (await profile.stop()).filter(({ planSummary }) => /userId/.test(planSummary));
    const ids = itemsOf(pages).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([all, all]);
    expect(queries).toHaveLength(16);
    for (const { docsExamined, keysExamined, hasSortStage } of queries) {
      expect(hasSortStage).toBe(false);
      expect(docsExamined).toBeLessThanOrEqual(limit + 1 + 3);
      expect(keysExamined).toBeLessThanOrEqual(limit + 1 + 3);
    }
  });
});

describe("a thousand equal questions at once", () => {
  it("cost each node one query at most, and all are answered alike", async () => {
    const profile = await profileQueries(cluster(), `records_${datasetId}`);
    const sockets = [ann.socket(cluster().url(0)), ann.socket(cluster().url(1))] as const;
    const query = { datasetId, limit: 37 };
    const overSocket = (i: number) => ann.request(sockets[i % 2 ? 1 : 0], "records:list", query);
    const overRest = async (i: number) =>
      (await ann.call<Page<DataRecord>>(path, {}, cluster().url(i % 2))).body;
    const path = `/api/v1/datasets/${datasetId}/records?limit=37`;
    await Promise.all(sockets.map((socket) => ann.request(socket, "datasets:get", { datasetId })));

    const calls = Array.from({ length: 1000 }, (_, i) => (i < 700 ? overSocket(i) : overRest(i)));
    const pages = await Promise.all(calls);

    const queries = await profile.stop();
    expect(new Set(pages.map((page) => JSON.stringify(page))).size).toBe(1);
    expect(pages[0]?.items).toHaveLength(37);
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.length).toBeLessThanOrEqual(2);
  });
});
