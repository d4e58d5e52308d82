import { peakMemory } from "./measure.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfBytes } from "./people.ts";
import { startRig } from "./rig.ts";

const megabyte = 1_000_000;

/** The most memory of fresh processes that take in and import 1 GB, against the same with 100 MB. */
export const memory: Bench = {
  name: "memory",
  pairs: 8,
  async run(pairs, report) {
    const results = await interleave(
      pairs,
      () => peaksOf(1000 * megabyte),
      () => peaksOf(100 * megabyte),
    );
    for (const { a, b } of results) {
      report(`MiB, 1 GB | 100 MB: worker ${a.worker} | ${b.worker}, API node ${a.api} | ${b.api}`);
    }
    const goal = { atMost: 1.1 };
    return [
      judge(
        "worker-memory",
        "the same at 100 MB",
        results.map(({ a, b }) => a.worker / b.worker),
        goal,
      ),
      judge(
        "api-memory",
        "the same at 100 MB",
        results.map(({ a, b }) => a.api / b.api),
        goal,
      ),
    ];
  },
};

async function peaksOf(bytes: number) {
  await using rig = await startRig();
  await rig.importFile(csvOfBytes(bytes));
  return {
    worker: Math.round(peakMemory(rig.pids.worker)),
    api: Math.round(peakMemory(rig.pids.api)),
  };
}
