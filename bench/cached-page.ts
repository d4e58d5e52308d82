import { measure, sumCpu, type Usage } from "./measure.ts";
import { createReader } from "./pages.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";

const rows = 1_000_000;
const pagesASide = 1_000;
const samePage = 100;

/** A page asked for again and again against pages that nobody has asked for: CPU of node and stores. */
export const cachedPage: Bench = {
  name: "cached-page",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const { dataset } = await rig.importWhole(csvOfRows(rows));
    const reader = createReader(rig, dataset.id);
    const { api, mongod, redis } = rig.pids;
    const measured = (work: () => Promise<unknown>) => measure({ api, mongod, redis }, work);

    const cursor = await reader.find(samePage);
    const again = async () => {
      for (let i = 0; i < pagesASide; i++) await reader.read(samePage, cursor);
    };
    const anew = reader.walk(samePage + 1, await reader.read(samePage, cursor), pagesASide);
    for (const work of [again, anew]) await work();
    const results = await interleave(
      pairs,
      () => measured(again),
      () => measured(anew),
    );
    reader.close();
    await rig.remove(dataset.id);
    for (const { a, b } of results) {
      report(`CPU us a page: cached ${describe(a)} | uncached ${describe(b)}`);
    }
    const ratios = results.map(({ a, b }) => sumCpu(a) / sumCpu(b));
    return [judge("cached-page", "uncached pages", ratios, { atMost: 1 / 4 })];
  },
};

function describe(usage: Usage): string {
  const each = (seconds: number) => ((seconds * 1e6) / pagesASide).toFixed(0);
  const parts = Object.entries(usage.cpu).map(([name, seconds]) => `${name} ${each(seconds)}`);
  return `${each(sumCpu(usage))} (${parts.join(", ")}; ${usage.wall.toFixed(1)} s)`;
}
