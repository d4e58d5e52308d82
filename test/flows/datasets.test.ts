import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Dataset, dataset } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
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

describe("a dataset", () => {
  it("says what is in it, alike from get, list and socket", async () => {
    const { id, job } = await importFile();

    const got = await ann.call<Dataset>(`${path}/${id}`);
    const listed = await ann.call<Page<Dataset>>(`${path}?limit=1`);
    const overSocket = await ann.request(ann.socket(), "datasets:get", { datasetId: id });

    expect(dataset.strict().parse(got.body)).toMatchObject({
      id,
      name: "test.csv",
      format: "csv",
      status: "ready",
      columns: [
        { name: "id", type: "integer" },
        { name: "city", type: "string" },
      ],
      rows: 1,
      rejected: 1,
      bytes: 17,
    });
    expect(job.result).toMatchObject({ rowsImported: 1, rowsRejected: 1 });
    expect(listed.body.items).toEqual([got.body]);
    expect(overSocket).toEqual(got.body);
  });
});

describe("renaming a dataset", () => {
  it("shows everywhere and is an event of its channel", async () => {
    const { id } = await importFile();
    const before = await ann.dataset(id);
    const channel = await watch(ann, `dataset:${id}`);

    const { status, body } = await rename(id, { name: "Städte 🐘" });
    const event = await channel.until(({ type }) => type === "dataset.changed");

    const { columns, ...rest } = body;
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before,
      name: "Städte 🐘",
      version: before.version + 1,
      updatedAt: body.updatedAt,
    });
    expect(await ann.dataset(id)).toEqual(body);
    expect(event.data).toEqual(rest);
    expect(columns).toHaveLength(2);
  });

  it("may happen while it is being imported", async () => {
    const { body } = await ann.upload(makeCsv(20_000));

    await rename(body.dataset.id, { name: "early" });
    const job = await ann.final(body.job.id);

    expect(job.state).toBe("completed");
    expect(await ann.dataset(body.dataset.id)).toMatchObject({ name: "early", rows: 20_000 });
  });

  it.each([
    ["nothing", ""],
    ["blanks", "  \u00a0"],
    ["201 characters", "x".repeat(201)],
    ["a line end", "a\nb"],
    ["a NUL", "a\0"],
    ["half a character", "\ud83d"],
    ["a number", 7],
    ["an operator", { $ne: null }],
  ])("refuses a name of %s", async (_what, name) => {
    const { id } = await importFile();

    expect(pathsOf(expectProblem(await rename(id, { name }), "validation_failed"))).toEqual([
      "name",
    ]);
    expect((await ann.dataset(id)).name).toBe("test.csv");
  });

  it("takes 200 characters, however many bytes they are", async () => {
    const { id } = await importFile();

    expect((await rename(id, { name: "🐘".repeat(200) })).status).toBe(200);
  });

  it.each(["_id", "__v", "userId", "ownerId", "rows", "status"])("never sets %s", async (key) => {
    const { id } = await importFile();
    const stored = cluster().mongo.collection<{ _id: string }>("datasets");
    // A profile is made meanwhile.
    const find = () => stored.findOne({ _id: id }, { projection: { profiledAt: 0 } });
    const before = await find();

    expectProblem(await rename(id, { name: "mine", [key]: 1 }), "validation_failed");
    expect(await find()).toEqual(before);
  });
});
