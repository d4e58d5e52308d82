import { measure, sumCpu } from "./measure.ts";
import { createReader, pageRows } from "./pages.ts";
import { type Bench, interleave, judge, median } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";
import { createPaginated } from "./rivals/paginate.ts";

const rows = 1_000_000;
const deepPage = 19_000;
const pagesASide = 60;
const paginatedASide = 3;

/** Pages from the 19,000th on against pages from the first on, none asked for before, and against skipping. */
export const deepPages: Bench = {
  name: "deep-pages",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const { dataset } = await rig.importWhole(csvOfRows(rows));
    const reader = createReader(rig, dataset.id);
    const { api, mongod } = rig.pids;

    /** ms and CPU ms a page */
    const side = (work: () => Promise<number[]>) => async () => {
      let times: number[] = [];
      const usage = await measure({ api, mongod, bench: process.pid }, async () => {
        times = await work();
      });
      return { each: median(times), cpu: (sumCpu(usage) * 1000) / times.length };
    };
    const deep = side(reader.walk(deepPage, await reader.find(deepPage), pagesASide));
    const first = side(reader.walk(1, null, pagesASide));
    const skip = createPaginated(rig.cluster.mongo, dataset.id);
    const skipping = side(async () => {
      const times: number[] = [];
      for (let i = 0; i < paginatedASide; i++) {
        const asked = performance.now();
        const docs = await skip(deepPage, pageRows);
        times.push(performance.now() - asked);
        const isRight = docs.length === pageRows && docs[0]?._id === (deepPage - 1) * pageRows + 1;
        if (!isRight) throw new Error(`page ${deepPage} isn't what it should be`);
      }
      return times;
    });

    const inside = await interleave(pairs, deep, first);
    const outside = await interleave(pairs, deep, skipping);
    reader.close();
    await rig.remove(dataset.id);
    const tell = (name: string, { a, b }: (typeof inside)[number]) =>
      report(
        `ms a page (CPU of all), deep | ${name}: ${a.each.toFixed(2)} (${a.cpu.toFixed(2)}) | ` +
          `${b.each.toFixed(2)} (${b.cpu.toFixed(2)})`,
      );
    for (const result of inside) tell("first", result);
    for (const result of outside) tell("mongoose-paginate-v2", result);
    return [
      judge(
        "deep-pages",
        "page 1 of the same",
        inside.map(({ a, b }) => a.each / b.each),
        { atMost: 1.1 },
      ),
      judge(
        "against-paginate",
        "mongoose-paginate-v2",
        outside.map(({ a, b }) => b.each / a.each),
        { atLeast: 100 },
      ),
    ];
  },
};
