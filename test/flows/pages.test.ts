import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord, Dataset, Reject } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv, makeCsvWithRejects } from "./support/csv.ts";
import { eventually } from "./support/eventually.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { itemsOf, type ReadPage, walkBack, walkForward } from "./support/walk.ts";

const rows = 437;
const cluster = shareCluster({ api: 2, workers: 1 });

let ann: TestClient;
let datasetId: string;

beforeAll(async () => {
  ann = await cluster().signUp();
  const main = await ann.upload(makeCsvWithRejects(rows));
  const others = Array.from({ length: 12 }, (_, i) => ann.upload(makeCsv(i)));
  datasetId = main.body.dataset.id;
  for (const { body } of [main, ...(await Promise.all(others))]) await ann.final(body.job.id);
  // A list of jobs stays as it is once the profiles that follow are made.
  for (const id of await stored("jobs")) await ann.final(id);
});

type Lists = "records" | "rejects" | "datasets" | "jobs";
const pathOf = (list: Lists) =>
  list === "datasets" || list === "jobs" ? list : `datasets/${datasetId}/${list}`;

/** Reads a list by turns from both nodes. */
const reader = <Item>(list: Lists, limit: number): ReadPage<Item> => {
  let turn = 0;
  return async (cursor) => {
    const after = cursor === null ? "" : `&cursor=${cursor}`;
    const path = `/api/v1/${pathOf(list)}?limit=${limit}${after}`;
    return (await ann.call<Page<Item>>(path, {}, cluster().url(turn++ % 2))).body;
  };
};

const expected: Record<Lists, () => Promise<unknown[]>> = {
  records: async () => numbers().filter((row) => row % 10 !== 0),
  rejects: async () => numbers().filter((row) => row % 10 === 0),
  datasets: () => stored("datasets"),
  jobs: () => stored("jobs"),
};
const numbers = () => Array.from({ length: rows }, (_, i) => i + 1);
const stored = async (name: string) => {
  const found = cluster().mongo.collection<{ _id: string }>(name).find({ userId: ann.user.id });
  return (await found.sort({ createdAt: -1, _id: -1 }).toArray()).map(({ _id }) => _id);
};
type Item = (DataRecord | Reject) & (Dataset | Job);
const keyOf = (item: Item) => ("row" in item ? item.row : (item as Dataset).id);

describe("walking a list", () => {
  it.each<[Lists, number]>([
    ["records", 23],
    ["records", 50],
    ["records", 197],
    ["records", 200],
    ["rejects", 4],
    ["rejects", 43],
    ["rejects", 44],
    ["datasets", 1],
    ["datasets", 5],
    ["datasets", 13],
    ["jobs", 2],
    ["jobs", 12],
  ])("of %s by %i shows each item once, forward and back alike", async (list, limit) => {
    const read = reader<Item>(list, limit);

    const forward = await walkForward(read);
    const last = forward.at(-1);
    const back = last ? await walkBack(read, last) : [];

    const keys = await expected[list]();
    expect(itemsOf(forward).map(keyOf)).toEqual(keys);
    expect(back).toEqual(forward);
    expect(forward[0]?.previous).toBeNull();
    expect(forward.length).toBe(Math.ceil(keys.length / limit));
    for (const page of forward) expect(page.total).toEqual({ count: keys.length, exact: true });
  });

  it("over the socket shows the same pages as REST", async () => {
    const socket = ann.socket(cluster().url(1));
    const overSocket: ReadPage<DataRecord> = (cursor) =>
      ann.request(socket, "records:list", { datasetId, limit: 50, ...(cursor && { cursor }) });

    const pages = await walkForward(overSocket);

    expect(pages).toEqual(await walkForward(reader<DataRecord>("records", 50)));
  });

  it("may change its steps on the way", async () => {
    const first = await reader<DataRecord>("records", 10)(null);

    const second = await reader<DataRecord>("records", 3)(first.next);

    expect(second.items.map(({ row }) => row)).toEqual([12, 13, 14]);
  });

  it("misses none and repeats none while rows arrive", async () => {
    const { body } = await ann.upload(makeCsv(100_000));
    const path = `/api/v1/datasets/${body.dataset.id}/records?limit=200`;
    const read: ReadPage<DataRecord> = async (cursor) =>
      (await ann.call<Page<DataRecord>>(cursor ? `${path}&cursor=${cursor}` : path)).body;
    const start = await eventually(
      () => read(null),
      ({ total }) => total.count > 0,
    );

    const seen = itemsOf(await walkForward(read)).map(({ row }) => row);

    expect(seen.length).toBeGreaterThanOrEqual(start.total.count);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
    const job = await ann.final(body.job.id);
    const end = await read(null);
    expect(job.state).toBe("completed");
    expect(end.total.count).toBe(100_000);
    expect(end.version).toBeGreaterThan(start.version ?? 0);
  });

  it("misses none and repeats none while datasets are added", async () => {
    const bob = await cluster().signUp();
    const old = [];
    for (let i = 0; i < 6; i++) old.unshift((await bob.upload("id\n1\n")).body.dataset.id);
    const read: ReadPage<Dataset> = async (cursor) => {
      const path = `/api/v1/datasets?limit=2${cursor ? `&cursor=${cursor}` : ""}`;
      const page = (await bob.call<Page<Dataset>>(path)).body;
      await bob.upload("id\n2\n");
      return page;
    };

    const seen = itemsOf(await walkForward(read)).map(({ id }) => id);

    expect(seen).toEqual(old);
  });
});

describe("the limit of a page", () => {
  it.each([
    ["0", 422],
    ["-1", 422],
    ["1.5", 422],
    ["abc", 422],
    ["1e3", 422],
    ["0x10", 422],
    ["", 422],
    ["1", 1],
    ["200", 200],
    ["201", 200],
    ["1000000000", 200],
  ])("that is asked for as %p gives %i", async (limit, outcome) => {
    const path = `/api/v1/datasets/${datasetId}/records?limit=${limit}`;

    const answer = await ann.call<Page<DataRecord>>(path);

    if (outcome === 422) {
      expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(["limit"]);
    } else expect(answer.body.items).toHaveLength(outcome);
  });

  it("is 50 if it is left out", async () => {
    const { body } = await ann.call<Page<DataRecord>>(`/api/v1/datasets/${datasetId}/records`);

    expect(body.items).toHaveLength(50);
  });

  it.each(["limit=1&limit=2", "skip=5", "page=2", "sort[]=x"])(
    "is refused beside what a page doesn't know: %s",
    async (query) => {
      const answer = await ann.call(`/api/v1/datasets/${datasetId}/records?${query}`);

      expectProblem(answer, "validation_failed");
    },
  );
});
