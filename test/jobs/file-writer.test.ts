import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createRowIndexes } from "../../server/datasets/row-indexes.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { createFileWriter } from "../../server/jobs/import-thread/file-writer.ts";
import type { ExportCheckpoint, ExportPlan } from "../../server/jobs/job.model.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

/** More than are sorted without an index, in more than one batch and many pieces. */
const rows = 20_500;
const columns = [
  { key: "c0", name: "id", type: "integer" as const },
  { key: "c1", name: "text", type: "string" as const },
];
const datasetId = createId();
const { signal } = new AbortController();

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
  const ids = await stores.rows.create(datasetId);
  const all = Array.from({ length: rows }, (_, i) => ({
    _id: i + 1,
    c: { c0: i % 1000, c1: randomBytes(190).toString("base64") },
  }));
  for (let at = 0; at < rows; at += 5000) {
    const records = toBson(all.slice(at, at + 5000));
    await stores.rows.insert(datasetId, ids, { records, rejects: [] });
  }
  await createRowIndexes(stores.rows).create(datasetId, "c0");
}, 60_000);
afterAll(() => stores.close());

function planOf({ gzip = false, isSorted = false }): ExportPlan {
  const request = isSorted ? { sort: { column: "id", direction: "desc" as const } } : {};
  return {
    rows: { datasetId, columns, request, rows, rejected: 0, repairs: 0 },
    lines: { format: "csv", source: "csv", columns, isRaw: false },
    gzip,
    name: "x.csv",
  };
}

/** Writes a file from a checkpoint on; gives what it came to and the checkpoints that it told. */
async function write(plan: ExportPlan, fileId: string, done: ExportCheckpoint | null, act = idle) {
  const writeFile = createFileWriter({ ...stores, tellIntervalMs: 0 });
  const told: ExportCheckpoint[] = [];
  const stored = await writeFile(
    { kind: "export", fileId, plan, done },
    {
      signal,
      async tell(one) {
        if (one.kind === "written") told.push(one.written);
        await act();
      },
    },
  );
  const hash = createHash("sha256");
  for await (const part of stores.storage.read(fileId, 0, signal)) hash.update(part);
  expect(hash.digest("hex")).toBe(stored.sha256);
  return { ...stored, told };
}
const idle = async () => {};

describe("a file of rows", () => {
  it.each([
    ["as it is", {}],
    ["packed", { gzip: true }],
    ["sorted by an index", { isSorted: true }],
  ])("has the same bytes whichever checkpoint it goes on from, %s", async (_how, order) => {
    const plan = planOf(order);
    const fileId = createId();

    const whole = await write(plan, fileId, null);

    expect(whole.told.at(-1)).toMatchObject({ rows, bytes: whole.bytes });
    expect(whole.told.length).toBeGreaterThan(2);
    for (const done of whole.told) {
      const { bytes, sha256, told } = await write(plan, fileId, done);
      expect({ done, bytes, sha256 }).toEqual({ done, bytes: whole.bytes, sha256: whole.sha256 });
      expect(told.at(-1)?.rows ?? done.rows).toBe(rows);
    }
  });

  it("has them, too, when MongoDB loses its cursors, and when the index goes", async () => {
    const plan = planOf({ isSorted: true });
    const whole = await write(plan, createId(), null);
    const records = stores.rows.records(datasetId);
    let killed = 0;
    // Once, when there is much left to read: a cursor that is asked for more right then is idle soon.
    const killCursors = async (): Promise<void> => {
      if (killed > 0) return;
      const admin = stores.connection.getClient().db("admin");
      const idleCursors = { $currentOp: { idleCursors: true, allUsers: true } };
      const ns = records.namespace;
      const found = await admin
        .aggregate([idleCursors, { $match: { type: "idleCursor", ns } }], { readConcern: "local" })
        .toArray();
      const cursors = found.map(({ cursor }) => cursor.cursorId);
      if (cursors.length === 0) return killCursors();
      killed += cursors.length;
      await stores.connection.db?.command({ killCursors: records.collectionName, cursors });
    };

    const reopened = await write(plan, createId(), null, killCursors);
    const without = await write(plan, createId(), null, () =>
      createRowIndexes(stores.rows).drop(datasetId, "c0"),
    );

    expect(killed).toBeGreaterThan(0);
    expect(reopened.sha256).toBe(whole.sha256);
    expect(without.sha256).toBe(whole.sha256);
  });
});
