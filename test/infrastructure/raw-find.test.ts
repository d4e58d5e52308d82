import { describe, expect, it } from "@jest/globals";
import { BSON } from "mongodb";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
import { connectMongo } from "../../server/infrastructure/mongo.ts";
import type { Batch } from "../../server/infrastructure/raw-cursor.ts";
import { findRaw } from "../../server/infrastructure/raw-find.ts";
import { ownStores } from "../support/cluster.ts";

const documents = Array.from({ length: 25 }, (_, i) => ({ _id: i, text: `row ${i}` }));
const find = { filter: {}, sort: { _id: 1 }, batchSize: 10 };
const never = new AbortController().signal;

async function openCollection() {
  const connection = await connectMongo(ownStores().mongoUri, pino({ level: "silent" }));
  const { db } = connection;
  if (!db) throw new Error("not connected");
  const name = `raw_find_${createId()}`;
  await db.collection<{ _id: number }>(name).insertMany(documents);
  return {
    read: (signal = never) => findRaw(db, name, find, signal),
    async openCursors(): Promise<number> {
      const stages = [
        { $currentOp: { idleCursors: true } },
        { $match: { ns: `${db.databaseName}.${name}` } },
      ];
      return (
        await db.client
          .db("admin")
          .aggregate(stages, { readConcern: { level: "local" } })
          .toArray()
      ).length;
    },
    async [Symbol.asyncDispose]() {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

const decode = ({ bytes, starts }: Batch) =>
  starts.map((at) => BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));

const isGone = async (cursors: () => Promise<number>) => {
  while ((await cursors()) > 0);
  return true;
};

describe("finding documents in BSON", () => {
  it("gives all of them, batch by batch, and leaves nothing open", async () => {
    await using collection = await openCollection();
    const batches: Batch[] = [];

    for await (const batch of collection.read()) batches.push(batch);

    expect(batches.map(({ starts }) => starts.length)).toEqual([10, 10, 5]);
    expect(batches.flatMap(decode)).toEqual(documents);
    expect(await collection.openCursors()).toBe(0);
  });

  it("closes the cursor of whoever stops early", async () => {
    await using collection = await openCollection();

    for await (const _ of collection.read()) break;

    expect(await isGone(collection.openCursors)).toBe(true);
  });

  it("throws the reason of a signal that has fired", async () => {
    await using collection = await openCollection();
    const stop = new AbortController();
    const batches = collection.read(stop.signal);
    await batches.next();

    stop.abort(new Error("enough"));

    await expect(batches.next()).rejects.toThrow("enough");
    expect(await isGone(collection.openCursors)).toBe(true);
  });
});
