import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Column, DataRecord } from "../../protocol/datasets.ts";
import type { RecordDocument } from "../../server/datasets/parsing/seam.ts";
import { toRecord } from "../../server/datasets/record-values.ts";
import type { TestClient } from "../support/client.ts";
import { exportRows, orderExport } from "./support/exporting.ts";
import { expectProblem } from "./support/problem.ts";
import { makeTypedCsv } from "./support/query-data.ts";
import { type Query, rowsOf } from "./support/query-model.ts";
import { createQueries } from "./support/query-walk.ts";
import { createRandom } from "./support/random.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });
const random = createRandom(11);
/** More than can be sorted without an index. */
const many = 20_500;

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

/** A dataset of so many rows, and all of them as pages show them. */
async function importRows(rows: number) {
  const { body } = await ann.upload(makeTypedCsv(random, rows));
  await ann.final(body.job.id);
  const { id, columns } = await ann.dataset(body.dataset.id);
  const stored = cluster().mongo.collection<RecordDocument>(`records_${id}`).find();
  const planned = columns.map((column, i) => ({ ...column, key: `c${i}` }));
  const all = (await stored.sort({ _id: 1 }).toArray()).map((one) => toRecord(one, planned));
  return { id, columns, all };
}

/** As text, in which keys of any name show. */
function expectedLines(all: DataRecord[], columns: Column[], query: Query): string[] {
  const byRow = new Map(all.map((record) => [record.row, record.values]));
  return rowsOf(all, columns, query).map((row) => JSON.stringify(byRow.get(row)));
}

describe("an export with a filter and a sort", () => {
  it("has the rows of all its pages, in their order", async () => {
    const { id, columns, all } = await importRows(400);
    const queries = createQueries(random, columns);

    const made = random.many(16, queries.any).map(async (query) => ({
      query,
      ...(await exportRows(ann, id, { format: "ndjson", ...query })),
    }));

    for (const { query, job, lines } of await Promise.all(made)) {
      const expected = expectedLines(all, columns, query);
      expect({ query, lines }).toEqual({ query, lines: expected });
      expect(job.progress).toMatchObject({ rowsWritten: lines.length, rowsTotal: lines.length });
    }
  }, 60_000);

  it("waits for the sorted column's index as pages do, and goes on without it", async () => {
    const { id, columns, all } = await importRows(many);
    const sort = { column: "__proto__", direction: "desc" } as const;
    const filter = [{ column: "__proto__", op: "lt" as const, value: 40 }];
    const asked = { format: "ndjson", sort, filter } as const;

    const refused = expectProblem(await orderExport(ann, id, asked), "index_building");
    await ann.final(String(refused.jobId));
    const byIndex = await exportRows(ann, id, asked);
    // The dataset still lists it.
    await cluster().mongo.collection(`records_${id}`).dropIndex("c1");
    const without = await exportRows(ann, id, asked);
    const unsorted = await exportRows(ann, id, { format: "ndjson", filter });

    expect(byIndex.lines).toEqual(expectedLines(all, columns, { sort, filter }));
    expect(without.file.sha256).toBe(byIndex.file.sha256);
    expect(unsorted.lines).toEqual(expectedLines(all, columns, { filter }));
  }, 60_000);
});
