import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { FileError } from "../../server/datasets/parsing/seam.ts";
import { RowsGone } from "../../server/datasets/rows.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { ObjectDamaged } from "../../server/infrastructure/storage.ts";
import { createImporter, type Importer } from "../../server/jobs/import-thread/importer.ts";
import type { Told } from "../../server/jobs/import-thread/messages.ts";
import type { Source } from "../../server/jobs/job.model.ts";
import { openOwnStores, testKey } from "../support/cluster.ts";

type Stores = Awaited<ReturnType<typeof openOwnStores>>;

const never = new AbortController().signal;
const ignore = async () => {};
const logger = { error: () => {} };
const built = new URL("../../build/import-thread.js", import.meta.url);

let stores: Stores;
let importer: Importer;
const before = { ...process.env };
beforeEach(async () => {
  stores = await openOwnStores();
  // The thread reads its settings from the environment, as the worker does.
  const { host, port, name } = stores.connection;
  Object.assign(process.env, {
    MONGODB_URI: `mongodb://${host}:${port}/${name}?${new URL(before.MONGODB_URI ?? "").searchParams}`,
    JWT_PRIVATE_KEYS: testKey,
    SLUICE_SECRET: "x".repeat(32),
    LOG_LEVEL: "silent",
  });
  importer = createImporter(logger as never, built);
});
afterEach(async () => {
  await importer.close();
  await stores.close();
  process.env = { ...before };
});

async function store(text: string | Buffer): Promise<Source> {
  const id = createId();
  async function* bytes() {
    yield Buffer.from(text);
  }
  const stored = await stores.storage.write(id, bytes());
  return { id, bytes: stored.bytes, format: "csv", options: {} };
}

const scan = async (source: Source, signal = never) =>
  importer.run({ kind: "scan", source, maxColumns: 500 }, signal, ignore);

/** A planned file of so many rows, ready to be loaded into a dataset of its own. */
async function prepare(rows: number) {
  const lines = Array.from({ length: rows }, (_, i) => `${i + 1},x\n`).join("");
  const source = await store(`a,b\n${lines}`);
  const plan = await scan(source);
  if (!plan) throw new Error("no plan");
  const datasetId = createId();
  const rowsIds = mongoose.mongo.BSON.serialize(await stores.rows.create(datasetId));
  const done = { place: plan.start, imported: 0, rejected: 0 };
  return { kind: "load" as const, source, plan, datasetId, rowsIds, done };
}

describe("the thread of imports", () => {
  it("writes all rows and tells how far it has come, the end included", async () => {
    const task = await prepare(9000);
    const told: Told[] = [];

    await importer.run(task, never, async (one) => {
      told.push(one);
    });

    expect(await stores.rows.records(task.datasetId).countDocuments()).toBe(9000);
    expect(told.at(-1)).toMatchObject({ reached: { imported: 9000, place: { row: 9000 } } });
  });

  it("throws what a file, its storage or its dataset is to blame for as what it is", async () => {
    const task = await prepare(10);
    await stores.rows.drop(task.datasetId);
    const badHeader = await store(Buffer.from([0x61, 0xff, 0x2c, 0x62, 0x0a]));
    const missing = { ...task.source, id: createId() };

    await expect(scan(badHeader)).rejects.toBeInstanceOf(FileError);
    await expect(scan(missing)).rejects.toBeInstanceOf(ObjectDamaged);
    await expect(importer.run(task, never, ignore)).rejects.toBeInstanceOf(RowsGone);
  });

  it("ends a task with the error of whoever couldn't keep what it told", async () => {
    const task = await prepare(10);
    const failure = new Error("can't be saved");

    const running = importer.run(task, never, () => Promise.reject(failure));

    await expect(running).rejects.toBe(failure);
  });

  it("throws the reason of a signal that fires with the answer to the last that is told", async () => {
    const task = await prepare(10);
    const stop = new AbortController();
    const reached: number[] = [];

    const running = importer.run(task, stop.signal, async (told) => {
      if (told.kind === "reached") reached.push(told.reached.place.row);
      stop.abort("cancel");
    });

    await expect(running).rejects.toBe("cancel");
    expect(reached).toEqual([10]);
  });

  it("stops a task whose signal fires, also before it begins", async () => {
    const task = await prepare(50_000);
    const stop = new AbortController();
    const told: Told[] = [];
    const running = importer.run(task, stop.signal, async (one) => {
      told.push(one);
      stop.abort();
    });

    await expect(running).rejects.toThrow();
    await expect(scan(task.source, AbortSignal.abort())).rejects.toThrow();
    expect(await stores.rows.records(task.datasetId).countDocuments()).toBeLessThan(50_000);
    expect(told.length).toBeGreaterThan(0);
  });

  it("is started again for the next task when one was its death", async () => {
    const errors: object[] = [];
    const dying = new URL("support/dying-thread.mjs", import.meta.url);
    const other = createImporter({ error: (line: object) => errors.push(line) } as never, dying);
    const task = { kind: "scan" as const, source: await store("a,b\n"), maxColumns: 500 };

    await expect(other.run(task, never, ignore)).rejects.toThrow("thread of imports has ended");
    const next = await other.run(task, never, ignore);
    await other.close();

    expect(next).toBeNull();
    expect(errors).toMatchObject([{ event: "import_thread_failed" }]);
  });
});
