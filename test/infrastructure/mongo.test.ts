import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type Session, transact } from "../../server/infrastructure/mongo.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores?.close());

const met = () => stores.connection.collection<{ _id: string }>("met");
/** What all transactions meet at. */
const meet = (session: Session) =>
  met().updateOne({ _id: "one" }, { $inc: { times: 1 } }, { session });

it("lets a transaction that has waited long try as often as those that come later", async () => {
  await met().insertOne({ _id: "one" });
  const { promise: released, resolve: release } = promiseOf();
  const { promise: held, resolve: hold } = promiseOf();
  const holding = transact(stores.connection, async (session) => {
    await meet(session);
    hold();
    await released;
  });
  await held;
  let tries = 0;
  const { promise: hasWaited, resolve: wait } = promiseOf();
  const waiting = transact(stores.connection, (session) => {
    tries += 1;
    if (tries === 20) wait();
    return meet(session);
  });
  await hasWaited;
  const before = tries;

  for (let i = 0; i < 12; i += 1) await tryFiveTimes();
  const meanwhile = tries - before;
  release();
  await Promise.all([holding, waiting]);

  expect(meanwhile).toBeGreaterThanOrEqual(10);
});

async function tryFiveTimes(): Promise<void> {
  let tries = 0;
  const work = async (session: Session) => {
    tries += 1;
    if (tries > 5) throw new Error("gives up");
    await meet(session);
  };
  await expect(transact(stores.connection, work)).rejects.toThrow("gives up");
}

function promiseOf() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
