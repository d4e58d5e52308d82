import type { RecordSort } from "../protocol/record-queries.ts";
import { measure, sumCpu } from "./measure.ts";
import { createReader, pageRows } from "./pages.ts";
import { type Bench, interleave, judge, median } from "./pairs.ts";
import { cellsOf, csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";
import { createPaginated } from "./rivals/paginate.ts";

const rows = 1_000_000;
const deepPage = 19_000;
const pagesASide = 60;
const paginatedASide = 2;
const column = "amount";
/** Its place in the file. */
const columnAt = 4;

type Side = { each: number; cpu: number };

/** Pages sorted by an indexed column: deep ones against first ones, against row order, against skipping. */
export const sortedPages: Bench = {
  name: "sorted-pages",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const { dataset } = await rig.importWhole(csvOfRows(rows));
    await buildIndex(rig, dataset.id);
    const { api, mongod } = rig.pids;

    /** ms and CPU ms a page */
    const side = (work: () => Promise<number[]>) => async (): Promise<Side> => {
      let times: number[] = [];
      const usage = await measure({ api, mongod, bench: process.pid }, async () => {
        times = await work();
      });
      return { each: median(times), cpu: (sumCpu(usage) * 1000) / times.length };
    };
    const compare = async (names: string, a: () => Promise<Side>, b: () => Promise<Side>) => {
      const results = await interleave(pairs, a, b);
      const tell = ({ each, cpu }: Side) => `${each.toFixed(2)} (${cpu.toFixed(2)})`;
      for (const { a, b } of results) report(`ms a page (CPU), ${names}: ${tell(a)} | ${tell(b)}`);
      return results.map(({ a, b }) => a.each / b.each);
    };

    const order = rowsInOrder();
    const ascending = { column, direction: "asc" } as const;
    const readers = {
      asc: createReader(rig, dataset.id, { sort: ascending, rowAt: (at) => order[at] ?? 0 }),
      desc: createReader(rig, dataset.id, {
        sort: { column, direction: "desc" },
        rowAt: (at) => order.at(-1 - at) ?? 0,
      }),
      byRow: createReader(rig, dataset.id),
    };
    type Reader = (typeof readers)["asc"];
    const walkFirst = (reader: Reader) => side(reader.walk(1, null, pagesASide));
    const walkDeep = async (reader: Reader) =>
      side(reader.walk(deepPage, await reader.find(deepPage), pagesASide));
    const first = walkFirst(readers.asc);
    const deep = await walkDeep(readers.asc);
    const ratios = [];
    const goal = { atMost: 1.3 };
    const asc = await compare("deep | first, asc", deep, first);
    ratios.push(judge("sorted-asc", "page 1 of the same", asc, goal));
    const deepDesc = await walkDeep(readers.desc);
    const desc = await compare("deep | first, desc", deepDesc, walkFirst(readers.desc));
    ratios.push(judge("sorted-desc", "page 1 of the same", desc, goal));
    const sorted = await compare("sorted | in row order", first, walkFirst(readers.byRow));
    ratios.push(judge("sorted-page", "a page in row order", sorted, { atMost: 2 }));

    const skip = createPaginated(rig.cluster.mongo, dataset.id);
    const skipping = side(async () => {
      const times: number[] = [];
      for (let i = 0; i < paginatedASide; i++) {
        const asked = performance.now();
        const docs = await skip(deepPage, pageRows, { [`c.c${columnAt}`]: 1, _id: 1 });
        times.push(performance.now() - asked);
        if (docs[0]?._id !== order[(deepPage - 1) * pageRows]) throw new Error("the wrong page");
      }
      return times;
    });
    const skipped = await compare("deep | mongoose-paginate-v2", deep, skipping);
    const against = skipped.map((ratio) => 1 / ratio);
    ratios.push(
      judge("sorted-against-paginate", "mongoose-paginate-v2", against, { atLeast: 100 }),
    );
    for (const reader of Object.values(readers)) reader.close();
    await rig.remove(dataset.id);
    return ratios;
  },
};

/** The first question for this order begins the building of the column's index. */
async function buildIndex({ client }: Rig, datasetId: string): Promise<void> {
  const sort: RecordSort = { column, direction: "asc" };
  const query = `sort=${encodeURIComponent(JSON.stringify(sort))}`;
  const path = `/api/v1/datasets/${datasetId}/records?${query}`;
  const { body } = await client.call<{ jobId: string }>(path);
  const { state } = await client.final(body.jobId);
  if (state !== "completed") throw new Error(`the index is ${state}`);
}

/** Row numbers as the sort has them: by value, equal ones by row. */
function rowsInOrder(): Uint32Array {
  const values = Float64Array.from({ length: rows }, (_, at) => Number(cellsOf(at + 1)[columnAt]));
  const order = Uint32Array.from({ length: rows }, (_, at) => at + 1);
  return order.sort((a, b) => (values[a - 1] ?? 0) - (values[b - 1] ?? 0) || a - b);
}
