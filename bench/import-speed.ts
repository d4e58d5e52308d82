import { measure, type Usage } from "./measure.ts";
import { type Bench, interleave, judge, median } from "./pairs.ts";
import { cellsOf, csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";

const rows = 1_000_000;
const batchRows = 2_000;
const inFlight = 4;

/**
 * An import, scan included, against the driver's `insertMany` of ready documents into the same kind of
 * collection. The upload isn't part of it: neither side is given its rows for nothing else.
 */
export const importSpeed: Bench = {
  name: "import-speed",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const documents = readyDocuments();
    await importOnce(rig);
    const results = await interleave(
      pairs,
      () => importOnce(rig),
      () => insertOnce(rig, documents),
    );
    for (const { a, b } of results) report(`import ${describe(a)} | insertMany ${describe(b)}`);
    const perRow = (usage: Usage[]) =>
      median(usage.map(({ cpu }) => Object.values(cpu).reduce((sum, s) => sum + s, 0))) *
      (1e6 / rows);
    report(
      `CPU of all processes, us a row: import ${perRow(results.map(({ a }) => a)).toFixed(1)}, ` +
        `insertMany ${perRow(results.map(({ b }) => b)).toFixed(1)}`,
    );
    const ratios = results.map(({ a, b }) => b.wall / a.wall);
    return [
      judge("import-speed", "rows/s of insertMany of ready documents", ratios, { atLeast: 0.4 }),
    ];
  },
};

export const describe = ({ wall, cpu }: Usage): string =>
  `${Math.round(rows / wall)} rows/s, CPU s: ${Object.entries(cpu)
    .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
    .join(" ")}`;

/** Measured from the moment the worker takes the job to its end. */
export async function importOnce(rig: Rig): Promise<Usage> {
  const { worker, mongod, api } = rig.pids;
  const submitted = await rig.upload(csvOfRows(rows));
  let seconds = 0;
  const usage = await measure({ worker, mongod, api }, async () => {
    const job = await rig.client.final(submitted.job.id);
    if (job.result?.rowsImported !== rows) throw new Error(JSON.stringify(job));
    seconds = (Date.parse(job.finishedAt ?? "") - Date.parse(job.startedAt ?? "")) / 1000;
  });
  await rig.remove(submitted.dataset.id);
  return { ...usage, wall: seconds };
}

type Row = { _id: number; c: Record<string, unknown> };

/** One batch after another from a stock of 20,000, so that making documents costs the driver nothing. */
function readyDocuments(): Row[] {
  return Array.from({ length: 20_000 }, (_, index) => ({
    _id: 0,
    c: Object.fromEntries(cellsOf(index + 1).map((cell, column) => [`c${column}`, cell])),
  }));
}

async function insertOnce(rig: Rig, documents: Row[]): Promise<Usage> {
  const { db } = rig.cluster.mongo;
  if (!db) throw new Error("not connected");
  const clusteredIndex = { key: { _id: 1 as const }, unique: true as const };
  const target = await db.createCollection<Row>("ready", { clusteredIndex });
  let next = 0;
  const lane = async () => {
    while (next < rows) {
      const first = next;
      next += batchRows;
      const batch = Array.from({ length: batchRows }, (_, at) => {
        const { c } = documents[(first + at) % documents.length] as Row;
        return { _id: first + at + 1, c };
      });
      await target.insertMany(batch, { ordered: false, writeConcern: { w: "majority" } });
    }
  };
  const usage = await measure({ bench: process.pid, mongod: rig.pids.mongod }, () =>
    Promise.all(Array.from({ length: inFlight }, lane)),
  );
  if ((await target.countDocuments()) !== rows) throw new Error("rows are missing");
  await target.drop();
  return usage;
}
