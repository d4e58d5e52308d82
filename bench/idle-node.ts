import { setTimeout as pause } from "node:timers/promises";
import { threadSeconds } from "./measure.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { channels, tenSeconds, type WatchedJobs } from "./progress.ts";
import { startQueueEvents } from "./rivals/queue-events.ts";
import { startWatchedJobs } from "./watched-jobs.ts";

const restSeconds = 10;

/** What others' events cost the second of two nodes: all who watch them are at the first. */
export const idleNode: Bench = {
  name: "idle-node",
  pairs: 8,
  async run(pairs, report) {
    await using ours = await startWatchedJobs(2, 1);
    await using theirs = await startQueueEvents(2, 1);
    for (const side of [ours, theirs]) await side.publish(tenSeconds);
    const results = await interleave(
      pairs,
      () => costOf(ours),
      () => costOf(theirs),
    );
    for (const { a, b } of results) {
      report(`us an event, of it when idle: channels ${describe(a)} | QueueEvents ${describe(b)}`);
    }
    const more = ({ busy, rest }: Cost) => busy - rest;
    const ratios = results.map(({ a, b }) => more(a) / more(b));
    return [judge("idle-node", "BullMQ's QueueEvents", ratios, { atMost: 1 / 50 })];
  },
};

/** CPU seconds of the node while events are published, and in the same time without any. */
type Cost = { busy: number; rest: number };

async function costOf({ pids, publish }: WatchedJobs): Promise<Cost> {
  const rest = await use(pids["node-1"], () => pause(restSeconds * 1000));
  const busy = await use(pids["node-1"], () => publish(tenSeconds));
  return { busy: busy.cpu, rest: (rest.cpu * busy.wall) / rest.wall };
}

async function use(pid = 0, work: () => Promise<unknown>) {
  const before = threadSeconds(pid);
  const started = performance.now();
  await work();
  return { cpu: threadSeconds(pid) - before, wall: (performance.now() - started) / 1000 };
}

function describe({ busy, rest }: Cost): string {
  const each = (seconds: number) => ((seconds * 1e6) / (tenSeconds * channels)).toFixed(2);
  return `${each(busy)}, ${each(rest)}`;
}
