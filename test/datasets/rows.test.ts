import { afterEach, expect, it } from "@jest/globals";
import { RowsGone } from "../../server/datasets/rows.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>> | undefined;
afterEach(async () => {
  await stores?.close();
  stores = undefined;
});

it("says that rows have no place any more, rather than make a dropped collection anew", async () => {
  stores = await openOwnStores();
  const { rows } = stores;
  const id = createId();
  const ids = await rows.create(id);
  await rows.drop(id);

  const inserting = rows.insert(id, ids, { records: toBson([{ _id: 1, c: {} }]), rejects: [] });

  await expect(inserting).rejects.toBeInstanceOf(RowsGone);
  expect(await stores.connection.db?.listCollections({ name: `records_${id}` }).toArray()).toEqual(
    [],
  );
});
