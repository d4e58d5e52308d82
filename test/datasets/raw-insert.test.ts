import { afterEach, describe, expect, it } from "@jest/globals";
import { createRawInsert, type Inside } from "../../server/datasets/raw-insert.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

const documents = [1, 2, 3].map((row) => ({ _id: row, c: { c0: "é", c1: row / 2, c2: true } }));

let stores: Awaited<ReturnType<typeof openOwnStores>> | undefined;
afterEach(async () => {
  await stores?.close();
  stores = undefined;
});

class OtherOperation {
  buildCommandDocument(): object {
    return { insert: "check", ordered: false, documents: [] };
  }
}

/** Drivers whose inside isn't what it was. */
const changed: Record<string, () => Inside> = {
  "has moved": () => {
    throw new Error("Cannot find module 'mongodb/lib/operations/insert'");
  },
  "makes another command": () => ({
    InsertOperation: OtherOperation,
    executeOperation: () => Promise.reject(new Error("must not be called")),
  }),
};

async function open(load?: () => Inside) {
  stores = await openOwnStores();
  const warnings: object[] = [];
  const logger = { warn: (line: object) => warnings.push(line) };
  const insertRaw = createRawInsert(stores.connection, logger as never, load);
  const id = createId();
  const ids = await stores.rows.create(id);
  const collection = `records_${id}`;
  const insert = (some: object[]) =>
    insertRaw({ collection, collectionUUID: ids.records, records: toBson(some) });
  return { insert, rows: stores.rows, id, warnings };
}

describe("an insert of finished BSON", () => {
  it("goes through the driver that is installed, without a warning", async () => {
    const { warnings } = await open();

    expect(warnings).toEqual([]);
  });

  it.each(Object.entries(changed))("goes the public way if the driver %s", async (_how, load) => {
    const { insert, rows, id, warnings } = await open(load);

    await insert(documents);

    expect(warnings).toMatchObject([{ event: "raw_insert_unavailable" }]);
    expect(await rows.records(id).find().toArray()).toEqual(documents);
  });
});

describe.each([
  ["the driver's inside", undefined],
  ["the public way", changed["has moved"]],
])("an insert by %s", (_name, load) => {
  it("stores the documents as they are", async () => {
    const { insert, rows, id } = await open(load);

    const reply = await insert(documents);

    expect(reply.writeErrors).toBeUndefined();
    expect(await rows.records(id).find().toArray()).toEqual(documents);
  });

  it("tells of each document that is there already, and stores the others", async () => {
    const { insert, rows, id } = await open(load);
    await insert(documents.slice(1, 2));

    const reply = await insert(documents);

    expect(reply.writeErrors?.map(({ code }) => code)).toEqual([11000]);
    expect(await rows.records(id).find().toArray()).toEqual(documents);
  });

  it("refuses to make a dropped collection anew", async () => {
    const { insert, rows, id } = await open(load);
    await rows.drop(id);

    const reply = await insert(documents);

    expect(reply.writeErrors?.map(({ code }) => code)).toEqual([361, 361, 361]);
    expect(await rows.records(id).countDocuments()).toBe(0);
  });
});
