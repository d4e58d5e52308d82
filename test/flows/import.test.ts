import { describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import { startCluster } from "../support/cluster.ts";

describe("an import", () => {
  it("puts each row of a CSV file into a dataset and keeps what didn't fit", async () => {
    await using cluster = await startCluster({ api: 1, workers: 1 });
    const ann = await cluster.signUp();

    const { status, body } = await ann.upload("id,price\n1,1.50\n2\n3,4\n");
    const job = await ann.final(body.job.id);
    const records = await ann.call<Page<DataRecord>>(`/api/v1/datasets/${body.dataset.id}/records`);

    expect(status).toBe(202);
    expect(job).toMatchObject({
      state: "completed",
      progress: { percent: 100, rowsRead: 3, rowsImported: 2, rowsRejected: 1 },
      result: { rowsRead: 3, rowsImported: 2, rowsRejected: 1, columns: 2 },
    });
    expect(records.body.items).toEqual([
      { row: 1, values: { id: 1, price: 1.5 } },
      { row: 3, values: { id: 3, price: 4 } },
    ]);
  });
});
