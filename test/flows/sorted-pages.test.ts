import { describe, expect, it } from "@jest/globals";
import { makeTypedCsv, makeTypedNdjson } from "./support/query-data.ts";
import { rowsOf } from "./support/query-model.ts";
import { createQueries, walkBothWays } from "./support/query-walk.ts";
import { createRandom } from "./support/random.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });
const rows = 250;

const files = {
  csv: { make: makeTypedCsv, type: "text/csv" },
  ndjson: { make: makeTypedNdjson, type: "application/x-ndjson" },
};

describe("pages of a query", () => {
  it.each<[keyof typeof files, number]>([
    ["csv", 1],
    ["csv", 2],
    ["ndjson", 3],
    ["ndjson", 4],
  ])("of %s rows show what plain sorting and filtering shows (seed %i)", async (format, seed) => {
    const ann = await cluster().signUp();
    const random = createRandom(seed);
    const { make, type } = files[format];
    const { body } = await ann.upload(make(random, rows), { type });
    await ann.final(body.job.id);
    const { id, columns } = await ann.dataset(body.dataset.id);
    const all = (await walkBothWays(ann, id, {}, () => 200)).pages.flatMap(({ items }) => items);
    const unique = [...new Map(all.map((record) => [record.row, record])).values()];
    const queries = createQueries(random, columns);
    const nextLimit = () => 1 + random.below(random.pick([5, 50, 200]));

    for (const query of [...queries.eachOp(), ...random.many(25, queries.any)]) {
      const { forward, back, pages } = await walkBothWays(ann, id, query, nextLimit);

      const expected = rowsOf(unique, columns, query);
      expect({ query, forward, back }).toEqual({ query, forward: expected, back: expected });
      const total = { count: expected.length, exact: true };
      for (const page of pages) expect(page.total).toEqual(total);
    }
    expect(unique).toHaveLength(rows);
  });
});
