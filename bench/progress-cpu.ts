import { measure, sumCpu, type Usage } from "./measure.ts";
import { type Bench, interleave, judge, type Ratio } from "./pairs.ts";
import { channels, tenSeconds, type WatchedJobs } from "./progress.ts";
import { startQueueEvents } from "./rivals/queue-events.ts";
import { startWatchedJobs } from "./watched-jobs.ts";

type Report = (line: string) => void;

/** CPU of all processes between a worker's progress and its watchers, who are spread over the nodes. */
export const progressCpu: Bench = {
  name: "progress-cpu",
  pairs: 8,
  async run(pairs, report) {
    return [
      await compare({ nodes: 2, atMost: 0.75 }, pairs, report),
      await compare({ nodes: 4, atMost: 0.7 }, pairs, report),
    ];
  },
};

async function compare(
  { nodes, atMost }: { nodes: number; atMost: number },
  pairs: number,
  report: Report,
): Promise<Ratio> {
  await using ours = await startWatchedJobs(nodes);
  await using theirs = await startQueueEvents(nodes);
  const run = async (side: WatchedJobs) => {
    const usage = await measure(side.pids, () => side.publish(tenSeconds));
    return withoutClock(usage, side.clock);
  };
  for (const side of [ours, theirs]) await run(side);
  const results = await interleave(
    pairs,
    () => run(ours),
    () => run(theirs),
  );
  const [a, b] = [ours, theirs].map(({ clock }) => (clock * 1e6).toFixed(0));
  report(`${nodes} nodes, CPU us an event, without the publishers' clocks (${a} | ${b})`);
  for (const { a, b } of results) report(`channels ${describe(a)} | QueueEvents ${describe(b)}`);
  const ratios = results.map(({ a, b }) => sumCpu(a) / sumCpu(b));
  return judge(`progress-cpu-${nodes}`, "BullMQ's QueueEvents", ratios, { atMost });
}

/** A thousand timers a second cost as much as the publishing, and are neither side's. */
function withoutClock({ wall, cpu }: Usage, clock: number): Usage {
  const publisher = (cpu.publisher ?? 0) - clock * tenSeconds * channels;
  return { wall, cpu: { ...cpu, publisher } };
}

function describe(usage: Usage): string {
  const each = (seconds: number) => ((seconds * 1e6) / (tenSeconds * channels)).toFixed(0);
  const parts = Object.entries(usage.cpu).map(([name, seconds]) => `${name} ${each(seconds)}`);
  return `${each(sumCpu(usage))} (${parts.join(", ")}; ${usage.wall.toFixed(1)} s)`;
}
