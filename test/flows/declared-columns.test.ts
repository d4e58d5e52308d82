import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord, ImportOptions, Reject } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 1, workers: 1 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const upload = (text: string, options: ImportOptions | object, more = {}) =>
  ann.upload(text, { query: `&options=${encodeURIComponent(JSON.stringify(options))}`, ...more });
const declare = (...columns: [string, string][]) => ({
  columns: columns.map(([name, type]) => ({ name, type })),
});

describe("declared columns", () => {
  it("reject what doesn't fit, say where, and count every row once", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => (i % 4 ? `${i},x` : `n${i},y`));
    const text = `id,"who\n""is"""\n${lines.join("\n")}\n7\n`;

    const { body } = await upload(text, declare(["id", "integer"], ['who\n"is"', "string"]));
    const channel = await watch(ann, `job:${body.job.id}`);
    const job = await ann.final(body.job.id);

    expect(job).toMatchObject({
      state: "completed",
      attempt: 1,
      result: { rowsRead: 20_001, rowsImported: 15_000, rowsRejected: 5_001, columns: 2 },
    });
    for (const { data } of channel.events) {
      if (!("progress" in data)) continue;
      const { rowsRead, rowsImported, rowsRejected } = data.progress;
      expect(rowsRead).toBe(rowsImported + rowsRejected);
    }
    const path = `/api/v1/datasets/${body.dataset.id}`;
    const rejects = (await ann.call<Page<Reject>>(`${path}/rejects?limit=2`)).body;
    const first = { code: "type", column: "id", message: "Not a whole number" };
    expect(rejects.items).toEqual([
      { row: 1, line: 3, ...first, raw: "n0,y" },
      { row: 5, line: 7, ...first, raw: "n4,y" },
    ]);
    expect(rejects.total).toEqual({ count: 5_001, exact: true });
    const records = (await ann.call<Page<DataRecord>>(`${path}/records?limit=1`)).body;
    expect(records.items).toEqual([{ row: 2, values: { id: 1, 'who\n"is"': "x" } }]);
  });

  it("parse the strings of NDJSON and keep their text beside the values", async () => {
    const text = '{"at":"2024-01-01 10:00","n":"12"}\n{"at":null,"n":12}\n';
    const type = "application/x-ndjson";

    const { body } = await upload(text, declare(["n", "integer"], ["at", "date"]), { type });
    await ann.final(body.job.id);

    const { columns } = await ann.dataset(body.dataset.id);
    expect(columns).toEqual([
      { name: "at", type: "date" },
      { name: "n", type: "integer" },
    ]);
    const stored = cluster().mongo.collection(`records_${body.dataset.id}`).find({}, {});
    expect(await stored.sort({ _id: 1 }).toArray()).toEqual([
      {
        _id: 1,
        c: { c0: "2024-01-01T10:00:00.000Z", c1: 12 },
        t: { c0: '"2024-01-01 10:00"', c1: '"12"' },
      },
      { _id: 2, c: { c0: null, c1: 12 } },
    ]);
  });

  it("that the file doesn't have fail the job at once, on a retry, too", async () => {
    const { body } = await upload("a,b\n1,2\n", declare(["c", "integer"]));
    const channel = await watch(ann, `job:${body.job.id}`);

    const first = await ann.final(body.job.id);
    await ann.call(`/api/v1/jobs/${first.id}/retry`, { method: "POST" });
    const { data } = await channel.until(
      ({ type, data: job }) => type === "job.failed" && "run" in job && job.run === 2,
    );

    const error = { code: "column_unknown", message: expect.stringContaining('"c"') };
    expect(first).toMatchObject({ state: "failed", run: 1, attempt: 1, error });
    expect(data).toMatchObject({ state: "failed", run: 2, attempt: 1, error });
    expect((await ann.dataset(body.dataset.id)).status).toBe("failed");
  });

  it.each([
    ["declared twice", declare(["a", "integer"], ["a", "date"]), "options.columns.1.name"],
    ["of an unknown type", declare(["a", "float"]), "options.columns.0.type"],
    ["without a type", { columns: [{ name: "a" }] }, "options.columns.0.type"],
    ["with more to them", { columns: [{ name: "a", type: "date", x: 1 }] }, "options.columns.0"],
    ["of a name too long", declare(["é".repeat(501), "date"]), "options.columns.0.name"],
    ["with a NUL in a name", declare(["a\0", "date"]), "options.columns.0.name"],
    ["that are no list", { columns: { a: "integer" } }, "options.columns"],
  ])("are refused %s", async (_what, options, path) => {
    const answer = await upload("a\n1\n", options);

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual([path]);
  });

  it("belong to what an Idempotency-Key stands for; none at all are as good as left out", async () => {
    const headers = (key: string) => ({ headers: { "Idempotency-Key": key } });
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    const declared = await upload("a\n1\n", declare(["a", "integer"]), headers(one));
    const plain = await upload("a\n1\n", {}, headers(two));

    const same = await upload("a\n1\n", declare(["a", "integer"]), headers(one));
    const other = await upload("a\n1\n", declare(["a", "string"]), headers(one));
    const without = await upload("a\n1\n", {}, headers(one));
    const empty = await upload("a\n1\n", declare(), headers(two));

    expect(same.body).toEqual(declared.body);
    expectProblem(other, "conflict");
    expectProblem(without, "conflict");
    expect(empty.body).toEqual(plain.body);
  });
});
