import { peakMemory } from "./measure.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfBytes } from "./people.ts";
import { startRig } from "./rig.ts";

const megabyte = 1_000_000;

/** The most memory of fresh processes that take in and import 1 GB, against the same with 100 MB. */
export const memory: Bench = {
  name: "memory",
  pairs: 8,
  run: (pairs, report) => compare(pairs, report, 1),
};

/** The same with 10 GB: two pairs, since one takes ten minutes and 40 GB of the disk. */
export const memory10: Bench = {
  name: "memory-10gb",
  pairs: 2,
  run: (pairs, report) => compare(pairs, report, 10),
};

async function compare(pairs: number, report: (line: string) => void, gigabytes: number) {
  const size = `${gigabytes} GB`;
  const results = await interleave(
    pairs,
    () => peaksOf(1000 * gigabytes * megabyte),
    () => peaksOf(100 * megabyte),
  );
  for (const { a, b } of results) {
    report(`MiB, ${size} | 100 MB: worker ${a.worker} | ${b.worker}, API node ${a.api} | ${b.api}`);
  }
  const ratiosOf = (role: "worker" | "api") => results.map(({ a, b }) => a[role] / b[role]);
  const against = "the same at 100 MB";
  return [
    judge(`worker-memory at ${size}`, against, ratiosOf("worker"), { atMost: 1.05 }),
    judge(`api-memory at ${size}`, against, ratiosOf("api"), { atMost: 1.1 }),
  ];
}

async function peaksOf(bytes: number) {
  await using rig = await startRig();
  await rig.importFile(csvOfBytes(bytes));
  return {
    worker: Math.round(peakMemory(rig.pids.worker)),
    api: Math.round(peakMemory(rig.pids.api)),
  };
}
