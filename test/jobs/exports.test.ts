import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createId } from "../../server/infrastructure/ids.ts";
import { transact } from "../../server/infrastructure/mongo.ts";
import { createDispatch } from "../../server/jobs/dispatch.ts";
import { createExports } from "../../server/jobs/exports.ts";
import { createQuota } from "../../server/jobs/quota.ts";
import { holdUser } from "../../server/jobs/user-hold.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores?.close());

async function storeDataset(userId: string): Promise<string> {
  const now = new Date();
  const counts = { rows: 0, rejected: 0, bytes: 2, version: 1 };
  const times = { createdAt: now, updatedAt: now, deletedAt: null };
  const _id = createId();
  await stores.connection.collection<{ _id: string }>("users").insertOne({ _id: userId });
  await stores.datasets.create({
    ...{ _id, userId, name: "a.csv", format: "csv", status: "ready", columns: [] },
    ...{ ...counts, ...times, sourceId: createId() },
  });
  return _id;
}

it("an order doesn't begin anew for a job of the user's that is made meanwhile", async () => {
  const userId = createId();
  const datasetId = await storeDataset(userId);
  let tries = 0;
  let other = Promise.resolve();
  /** Another transaction about a job, which has met this one or is through. */
  const meet = () =>
    new Promise<void>((resolve) => {
      other = transact(stores.connection, async (session) => {
        await holdUser(stores.connection, userId, session).catch((err: unknown) => {
          resolve();
          throw err;
        });
      }).then(resolve);
    });
  async function keep(...given: Parameters<typeof stores.keys.create>) {
    tries += 1;
    if (tries === 1) await meet();
    return stores.keys.create(...given);
  }
  const keys = new Proxy(stores.keys, {
    get: (model, name) => (name === "create" ? keep : Reflect.get(model, name)),
  });
  const exports = createExports({
    ...{ ...stores, keys },
    dispatch: createDispatch({ ...stores, hintCancel: async () => {} }),
    quota: createQuota({ ...stores, most: 10 }),
    requestIndex: async () => null,
  });
  const principal = { userId } as Parameters<typeof exports.create>[0];

  const { job } = await exports.create(principal, {
    datasetId,
    format: "csv",
    idempotencyKey: "k",
  });
  await other;

  expect(job.state).toBe("queued");
  expect(tries).toBe(1);
});
