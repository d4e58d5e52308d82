import { exportOnce } from "./exports.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";

const many = 5_000_000;
const few = 100_000;
const reach = { atMost: 1.1 };

/**
 * The most memory of a fresh worker that exports 5,000,000 rows: against one that exports as many in fifty exports
 * of 100,000, so that the size of an export is all that differs, and against one that exports 100,000 and is done.
 */
export const exportMemory: Bench = {
  name: "export-memory",
  pairs: 4,
  async run(pairs, report) {
    await using rig = await startRig();
    const large = await rig.importWhole(csvOfRows(many));
    const small = await rig.importWhole(csvOfRows(few));
    await rig.worker.kill("SIGTERM");
    const results = await interleave(
      pairs,
      () => peaksOf(rig, large.dataset.id, 1),
      () => peaksOf(rig, small.dataset.id, many / few),
    );
    for (const { a, b } of results) {
      report(
        `MiB, ${many} rows at once | 50 times ${few}: ${a.last} | ${b.last}, after the first ${b.first}`,
      );
    }
    return [
      judge(
        "export-memory",
        `as many in exports of ${few} rows`,
        results.map(({ a, b }) => a.last / b.last),
        reach,
      ),
      judge(
        "export-memory-first",
        `one export of ${few} rows`,
        results.map(({ a, b }) => a.last / b.first),
        reach,
      ),
    ];
  },
};

/** After the first and after the last of so many exports. */
async function peaksOf(rig: Rig, datasetId: string, times: number) {
  const worker = await rig.cluster.start("worker", 1);
  const peaks: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const { peak } = await exportOnce(rig, datasetId, { format: "csv" }, worker.pid);
    peaks.push(Math.round(peak));
  }
  await worker.kill("SIGTERM");
  return { first: peaks[0] as number, last: peaks.at(-1) as number };
}
