import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type Session, transact } from "../../server/infrastructure/mongo.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores?.close());

/** A transaction that meets all others at one document. */
const meet = (rest: (session: Session) => Promise<unknown>) =>
  transact(stores.connection, async (session) => {
    const met = stores.connection.collection<{ _id: string }>("met");
    await met.updateOne({ _id: "one" }, { $inc: { times: 1 } }, { session });
    await rest(session);
  });

it("lets a transaction that has waited long have its turn among those that keep coming", async () => {
  const met = stores.connection.collection<{ _id: string }>("met");
  await met.insertOne({ _id: "one" });
  const { promise: released, resolve: release } = promiseOf();
  const holding = meet(() => released);
  let tries = 0;
  let isIn = false;
  let newcomers = 0;
  const { promise: hasWaited, resolve: wait } = promiseOf();
  const waiting = transact(stores.connection, async (session) => {
    tries += 1;
    if (tries === 20) wait();
    await met.updateOne({ _id: "one" }, { $inc: { times: 1 } }, { session });
  }).then(() => {
    isIn = true;
  });
  await hasWaited;

  release();
  const keepComing = async () => {
    while (!isIn) {
      await meet((session) => met.findOne({ _id: "one" }, { session }));
      newcomers += 1;
    }
  };
  await Promise.all([holding, waiting, ...Array.from({ length: 4 }, keepComing)]);

  expect(newcomers).toBeLessThan(40);
});

function promiseOf() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
