import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Column, DataRecord } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { buildIndexesOf } from "./support/indexes.ts";
import { profileQueries } from "./support/profile.ts";
import { makeTypedCsv } from "./support/query-data.ts";
import { type Query, rowsOf } from "./support/query-model.ts";
import { createQueries, recordsPath, walkBothWays } from "./support/query-walk.ts";
import { createRandom } from "./support/random.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });
const random = createRandom(5);
/** So many that a condition can hold for more rows than are sorted in memory. */
const rows = 24_000;
const mostSorted = 20_000;

let ann: TestClient;
let id: string;
let columns: Column[];
let all: DataRecord[];
beforeAll(async () => {
  ann = await cluster().signUp();
  const { body } = await ann.upload(makeTypedCsv(random, rows));
  await ann.final(body.job.id);
  ({ id, columns } = await ann.dataset(body.dataset.id));
  const inOrder: DataRecord[] = [];
  for (let cursor: string | null = null; inOrder.length < rows; ) {
    const page: Page<DataRecord> = (
      await ann.call<Page<DataRecord>>(recordsPath(id, {}, 200, cursor))
    ).body;
    inOrder.push(...page.items);
    cursor = page.next;
  }
  all = inOrder;
  // No read may show a row that no checkpoint covers.
  const unacknowledged = { _id: rows + 1, c: { c0: "", c1: 0, c2: 0, c3: "2024-01-01", c4: true } };
  await cluster().mongo.collection<{ _id: number }>(`records_${id}`).insertOne(unacknowledged);
});

const totalOf = (query: Query, matches: number) => {
  if (!query.filter?.length) return { count: rows, exact: true };
  return matches > 10_000 ? { count: 10_000, exact: false } : { count: matches, exact: true };
};

async function expectToFollow(query: Query, most: number, nextLimit: () => number) {
  const { forward, back, pages } = await walkBothWays(ann, id, query, nextLimit, most);

  const expected = rowsOf(all, columns, query);
  const shown = expected.slice(
    0,
    pages.some(({ next }) => next === null) ? undefined : forward.length,
  );
  expect({ query, forward, back }).toEqual({ query, forward: shown, back: shown });
  for (const { total } of pages) {
    // A count that takes 500 ms on a busy machine is a lower bound.
    if (total.exact) expect(total).toEqual(totalOf(query, expected.length));
    else expect(total.count).toBeLessThanOrEqual(expected.length);
  }
}

describe("pages of many rows", () => {
  it("show what plain sorting and filtering shows, and scan no collection", async () => {
    const queries = createQueries(random, columns);
    const asked = [...queries.eachOp(), ...random.many(20, queries.any)];
    for (const query of asked) await buildIndexesOf(ann, id, query);
    const profile = await profileQueries(cluster(), `records_${id}`);

    for (const query of asked) await expectToFollow(query, 4, () => 1 + random.below(200));

    const finds = await profile.stop();
    expect(finds.length).toBeGreaterThan(2 * asked.length);
    for (const { planSummary, hasSortStage, docsExamined } of finds) {
      expect(planSummary).not.toMatch(/^COLLSCAN/);
      if (hasSortStage) expect(docsExamined).toBeLessThanOrEqual(mostSorted);
    }
  }, 240_000);

  it.each(["$where", "__proto__", "constructor"])(
    "by %s show each of them once to the very end, and back",
    async (column) => {
      const query: Query = { sort: { column, direction: random.pick(["asc", "desc"]) } };
      await buildIndexesOf(ann, id, query);

      await expectToFollow(query, Number.POSITIVE_INFINITY, () => 150 + random.below(51));
    },
    120_000,
  );

  it("cost what a page holds and one row more, however deep they lie", async () => {
    const limit = 100;
    const query: Query = { sort: { column: "__proto__", direction: "desc" } };
    await buildIndexesOf(ann, id, query);
    const profile = await profileQueries(cluster(), `records_${id}`);

    await walkBothWays(ann, id, query, () => limit);

    const finds = await profile.stop();
    const pages = finds.filter(({ planSummary }) => planSummary.startsWith("IXSCAN"));
    expect(pages).toHaveLength(2 * (rows / limit) - 1);
    for (const { docsExamined, hasSortStage } of finds) {
      expect(hasSortStage).toBe(false);
      // And the one row that no checkpoint covers, where it lies among them.
      expect(docsExamined).toBeLessThanOrEqual(limit + 2);
    }
    for (const { keysExamined } of pages) expect(keysExamined).toBeLessThanOrEqual(limit + 3);
  }, 120_000);
});
