import type { DataRecord } from "../protocol/datasets.ts";
import type { Page } from "../protocol/pages.ts";
import { measure, type Usage } from "./measure.ts";
import { type Bench, interleave, judge, median } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";

const rows = 1_000_000;
const pageRows = 50;
const deepPage = 10_000;
const pagesASide = 60;

/** Pages from the 10,000th on against pages from the first on, none of them asked for before. */
export const deepPages: Bench = {
  name: "deep-pages",
  pairs: 12,
  async run(pairs, report) {
    await using rig = await startRig();
    const { dataset } = await rig.importFile(csvOfRows(rows));
    const { client } = rig;
    const socket = client.socket();
    const ask = (limit: number, cursor: string | null): Promise<Page<DataRecord>> =>
      client.request(socket, "records:list", {
        datasetId: dataset.id,
        limit,
        ...(cursor && { cursor }),
      });

    /** Walks on from where this side stands, so that no page comes out of the cache. */
    const side =
      (start: { cursor: string | null }) => async (): Promise<Usage & { each: number }> => {
        const times: number[] = [];
        const usage = await measure({ api: rig.pids.api, mongod: rig.pids.mongod }, async () => {
          for (let page = 0; page < pagesASide; page++) {
            const asked = performance.now();
            start.cursor = (await ask(pageRows, start.cursor)).next;
            times.push(performance.now() - asked);
          }
        });
        return { ...usage, each: median(times) };
      };

    const shallow = side({ cursor: null });
    let cursor: string | null = null;
    for (let row = 0; row < (deepPage - 1) * pageRows; row += 150) {
      cursor = (await ask(150, cursor)).next;
    }
    const deep = side({ cursor });
    const results = await interleave(pairs, deep, shallow);
    for (const { a, b } of results) {
      report(`ms a page, deep | first: ${a.each.toFixed(2)} | ${b.each.toFixed(2)}`);
    }
    const cpuOf = ({ cpu }: Usage) => (cpu.api ?? 0) + (cpu.mongod ?? 0);
    const sum = (usages: Usage[]) => usages.reduce((total, usage) => total + cpuOf(usage), 0);
    const ms = (usages: Usage[]) => ((sum(usages) * 1000) / (pairs * pagesASide)).toFixed(2);
    report(
      `CPU ms a page (API node and mongod), deep | first: ` +
        `${ms(results.map(({ a }) => a))} | ${ms(results.map(({ b }) => b))}`,
    );
    socket.disconnect();
    await rig.remove(dataset.id);
    const ratios = results.map(({ a, b }) => a.each / b.each);
    return [judge("deep-pages", "page 1 of the same", ratios, { atMost: 1.2 })];
  },
};
