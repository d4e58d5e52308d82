import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord, Dataset, Reject } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import { createOrdersFile, orderOf } from "../faults/support/orders-file.ts";
import type { TestClient } from "../support/client.ts";
import { download, mendOrders, rowsIn, sendRepair } from "./support/repairs.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { itemsOf, walkForward } from "./support/walk.ts";
import { watch } from "./support/watch.ts";

const cluster = shareCluster({ api: 2, workers: 1 });
const rows = 3_000;
const orders = createOrdersFile(rows, 300);

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

async function importFile(text: string, more = {}) {
  const { body } = await ann.upload(text, more);
  await ann.final(body.job.id);
  return body.dataset.id;
}

/** Sends a repair and waits for its end. */
async function repair(id: string, file: string, type?: string): Promise<Job> {
  const { status, body } = await sendRepair(ann, id, file, type ? { type } : {});
  expect([status, body.job.kind, body.dataset.id]).toEqual([202, "import", id]);
  return ann.final(body.job.id);
}

async function listAll<Item>(id: string, list: "records" | "rejects"): Promise<Item[]> {
  const pages = await walkForward<Item>(async (cursor) => {
    const query = new URLSearchParams({ limit: "200", ...(cursor && { cursor }) });
    return (await ann.call<Page<Item>>(`/api/v1/datasets/${id}/${list}?${query}`)).body;
  });
  return itemsOf(pages);
}

const expectAllOrders = async (id: string) => {
  const all = Array.from({ length: rows }, (_, i) => ({ row: i + 1, values: orderOf(i + 1) }));
  expect(await listAll<DataRecord>(id, "records")).toEqual(all);
};

describe("300 rows that didn't fit", () => {
  it("are downloaded, mended, sent back, and all in their places", async () => {
    const id = await importFile(orders.text, { name: "Bücher 語.csv" });
    const first = await ann.call<Page<Reject>>(`/api/v1/datasets/${id}/rejects`);
    const changes = await watch(ann, `dataset:${id}`);

    const file = await download(ann, id, "csv", cluster().url(1));
    const job = await repair(id, mendOrders(file.body));

    expect(first.body.total.count).toBe(300);
    expect(file.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(file.headers.get("Cache-Control")).toBe("no-store");
    expect(file.headers.get("Content-Disposition")).toBe(
      "attachment; filename=\"B?cher ?-rejects.csv\"; filename*=UTF-8''B%C3%BCcher%20%E8%AA%9E-rejects.csv",
    );
    expect(rowsIn(file.body)).toEqual(orders.rejects.map(({ row }) => row));
    expect(job).toMatchObject({
      state: "completed",
      attempt: 1,
      progress: { rowsRead: 300, rowsImported: 300, rowsRejected: 0, percent: 100 },
      result: { rowsRead: 300, rowsImported: 300, repair: { alreadyIn: 0, unknown: 0 } },
    });
    const dataset = await ann.dataset(id);
    expect(dataset).toMatchObject({ status: "ready", rows, rejected: 0 });
    expect(await listAll(id, "rejects")).toEqual([]);
    await expectAllOrders(id);
    await changes.until(({ data }) => (data as Dataset).rejected === 0);
    for (const { data } of changes.events) {
      expect((data as Dataset).rows + (data as Dataset).rejected).toBe(rows);
    }
  });

  it("stay where they aren't mended, and nothing changes when the same file comes again", async () => {
    const id = await importFile(orders.text);
    const { body: file } = await download(ann, id);
    const before = await listAll<Reject>(id, "rejects");
    const half = mendOrders(file, (row) => row % 20 === 3);

    const first = await repair(id, half);
    const between = await ann.dataset(id);
    const left = await listAll<Reject>(id, "rejects");
    const second = await repair(id, half);
    const after = await ann.dataset(id);
    const last = await repair(id, mendOrders(file));

    expect(first.result).toMatchObject({ rowsRead: 300, rowsImported: 150, rowsRejected: 150 });
    expect(between).toMatchObject({ rows: rows - 150, rejected: 150 });
    expect(left).toEqual(before.filter(({ row }) => row % 20 !== 3));
    expect(second.result).toMatchObject({
      ...{ rowsRead: 300, rowsImported: 150, rowsRejected: 150 },
      repair: { alreadyIn: 150, unknown: 0 },
    });
    expect(after).toEqual(between);
    expect(await listAll<Reject>(id, "rejects")).toEqual([]);
    expect(last.result).toMatchObject({ rowsImported: 300, repair: { alreadyIn: 150 } });
    await expectAllOrders(id);
  });
});

describe("a repair", () => {
  const people = "name,age\nAnn,41\nBob\nCid,x,7\nDan,8\n";

  it("leaves rows that are in alone, counts those that nobody knows, and tells new reasons", async () => {
    const id = await importFile(people);
    const file = "_row,name,age\n1,Eve,1\n2,Bob,old\n9,Fay,2\nx,Gil,3\n3,Cid,7\n3,Cid,8\n";

    const job = await repair(id, file);
    const again = await repair(id, file);

    const counts = { rowsRead: 6, rowsImported: 3, rowsRejected: 3 };
    expect(job.result).toMatchObject({
      ...counts,
      repair: { alreadyIn: 2, unknown: 2, unknownLines: [4, 5] },
    });
    expect(again.result).toMatchObject({ ...counts, repair: { alreadyIn: 3, unknown: 2 } });
    expect(await listAll<DataRecord>(id, "records")).toEqual([
      { row: 1, values: { name: "Ann", age: 41 } },
      { row: 3, values: { name: "Cid", age: 7 } },
      { row: 4, values: { name: "Dan", age: 8 } },
    ]);
    expect(await listAll<Reject>(id, "rejects")).toEqual([
      {
        row: 2,
        line: 3,
        code: "type",
        column: "age",
        message: "Not a whole number",
        raw: "Bob,old",
      },
    ]);
    expect(await ann.dataset(id)).toMatchObject({ rows: 3, rejected: 1 });
    const stored = cluster().mongo.collection<{ _id: number }>(`records_${id}`);
    expect(await stored.findOne({ _id: 3 })).toEqual({ _id: 3, c: { c0: "Cid", c1: 7 }, r: 2 });
  });

  it("goes for NDJSON, as objects with keys added or as the text that was none", async () => {
    const type = "application/x-ndjson";
    const options = JSON.stringify({ columns: [{ name: "n", type: "integer" }] });
    const text = '{"n":1}\n{"n":"one","s":"ö"}\n{"n":3\n';
    const id = await importFile(text, { type, query: `&options=${encodeURIComponent(options)}` });

    const { body: file } = await download(ann, id, "ndjson");
    const job = await repair(id, file.replace('"one"', '"2"').replace(':3"', ':3}"'), type);

    expect(
      file
        .split("\n")
        .slice(0, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { _row: 2, _code: "type", _message: "Not a whole number", n: "one", s: "ö" },
      { _row: 3, _code: "json", _message: "Not valid JSON", raw: '{"n":3' },
    ]);
    expect(job.result).toMatchObject({ rowsRead: 2, rowsImported: 2 });
    expect((await listAll<DataRecord>(id, "records")).map(({ values }) => values)).toEqual([
      { n: 1, s: null },
      { n: 2, s: "ö" },
      { n: 3, s: null },
    ]);
  });

  it.each([
    ["no column _row", "name,age\nBob,4\n", "header_invalid"],
    ["a column too many", "_row,name,age,x\n2,Bob,4,\n", "column_unknown"],
  ])("fails as a whole with %s, and nothing else changes", async (_what, file, code) => {
    const id = await importFile(people);
    const before = await ann.dataset(id);

    const job = await repair(id, file);

    expect(job).toMatchObject({ state: "failed", error: { code }, progress: { rowsRead: 0 } });
    expect(await ann.dataset(id)).toEqual(before);
  });
});
