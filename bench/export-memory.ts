import { exportOnce } from "./exports.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";

const many = 5_000_000;
const few = 100_000;

/** The most memory of a fresh worker that exports 5,000,000 rows, against one that exports 100,000. */
export const exportMemory: Bench = {
  name: "export-memory",
  pairs: 4,
  async run(pairs, report) {
    await using rig = await startRig();
    const large = await rig.importFile(csvOfRows(many));
    const small = await rig.importFile(csvOfRows(few));
    await rig.worker.kill("SIGTERM");
    const results = await interleave(
      pairs,
      () => peakOf(rig, large.dataset.id),
      () => peakOf(rig, small.dataset.id),
    );
    for (const { a, b } of results) report(`MiB, ${many} rows | ${few} rows: ${a} | ${b}`);
    const ratios = results.map(({ a, b }) => a / b);
    return [judge("export-memory", `the same at ${few} rows`, ratios, { atMost: 1.1 })];
  },
};

async function peakOf(rig: Rig, datasetId: string): Promise<number> {
  const worker = await rig.cluster.start("worker", 1);
  const { peak } = await exportOnce(rig, datasetId, { format: "csv" }, worker.pid);
  await worker.kill("SIGTERM");
  return Math.round(peak);
}
