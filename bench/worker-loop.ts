import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";
import { fullRows, importOnce } from "./runs.ts";

const monitor = new URL("loop-monitor.mjs", import.meta.url).href;
const mostMs = 15;
const idleMs = 5_000;

/** Milliseconds between the turns of a timer of 1 ms, this one included. */
type Delays = { count: number; mean: number; p99: number; max: number };

/**
 * How long the worker's main thread, on which cancels and heartbeats wait, is held up by an import. The
 * same thread without work is measured too: it says what part of that is the machine's.
 */
export const workerLoop: Bench = {
  name: "worker-loop",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig({ workerEnv: { NODE_OPTIONS: `--import ${monitor}` } });
    await importOnce(rig);
    const results = await interleave(
      pairs,
      () => delaysOfImport(rig),
      () => delaysDuring(rig, () => sleep(idleMs)),
    );
    const describe = ({ mean, p99, max, count }: Delays) =>
      `mean ${mean.toFixed(1)}, p99 ${p99.toFixed(1)}, most ${max.toFixed(1)} (${count} turns)`;
    report("ms between turns of a 1 ms timer:");
    for (const { a, b } of results) report(`import ${describe(a)} | idle ${describe(b)}`);
    const ratios = results.map(({ a }) => a.p99 / mostMs);
    return [judge("worker-loop", `${mostMs} ms`, ratios, { atMost: 1 })];
  },
};

/** From the upload's end to the job's: the idle time before and after would flatter. */
async function delaysOfImport(rig: Rig): Promise<Delays> {
  const { job, dataset } = await rig.upload(csvOfRows(fullRows));
  const delays = await delaysDuring(rig, async () => {
    const { progress } = await rig.client.final(job.id);
    if (progress.rowsImported !== fullRows) throw new Error("rows are missing");
  });
  await rig.remove(dataset.id);
  return delays;
}

async function delaysDuring(rig: Rig, work: () => Promise<unknown>): Promise<Delays> {
  const { child } = rig.worker;
  child.send("loop:reset");
  await work();
  const answer = once(child, "message");
  child.send("loop:read");
  const [delays] = await answer;
  return delays as Delays;
}
