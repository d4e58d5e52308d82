import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";
import { fill } from "./rivals/fill.ts";
import { type Batch, insertBatches } from "./rivals/op-msg.ts";
import { cpuPerRow, describe, describeCpu, fullRows, importOnce } from "./runs.ts";

const batchRows = 8_000;
const inFlight = 2;

/**
 * The CPU of an import against that of sending the very bytes it stores over a bare socket: the share of
 * its work that no import can do without.
 */
export const againstBson: Bench = {
  name: "against-bson",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const { host, port, name: database } = rig.cluster.mongo;
    const batches = await makeBatches(rig);
    const send = () =>
      fill(rig, { rows: fullRows, isClustered: true }, ({ collectionName: collection }) =>
        insertBatches({ host, port, database, collection }, batches, inFlight),
      );
    await send();
    const results = await interleave(pairs, () => importOnce(rig), send);
    for (const { a, b } of results) report(`import ${describe(a)} | BSON ${describe(b)}`);
    report(describeCpu(results, "import", "BSON"));
    const ratios = results.map(({ a, b }) => cpuPerRow(b) / cpuPerRow(a, ["worker", "mongod"]));
    const against = "CPU of finished BSON over a bare socket";
    return [judge("against-bson", against, ratios, { atLeast: 0.65 })];
  },
};

/** What an import stores, as it is stored. */
async function makeBatches(rig: Rig): Promise<Batch[]> {
  const { dataset } = await rig.importWhole(csvOfRows(fullRows));
  const stored = rig.cluster.mongo.db?.collection(`records_${dataset.id}`).find({}, { raw: true });
  const batches: Batch[] = [];
  let documents: Uint8Array[] = [];
  const close = () => {
    batches.push({ documents: Buffer.concat(documents), count: documents.length });
    documents = [];
  };
  for await (const document of stored ?? []) {
    // With `raw`, documents are their bytes, which the driver's types don't tell.
    documents.push(document as unknown as Uint8Array);
    if (documents.length === batchRows) close();
  }
  if (documents.length > 0) close();
  await rig.remove(dataset.id);
  return batches;
}
