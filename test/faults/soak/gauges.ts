import { readdir, readFile } from "node:fs/promises";
import type { Rig } from "../support/rig.ts";

/** Of one moment: numbers by what was measured, such as `api-0 rss MB`; `pids` by process. */
export type Sample = { at: number; numbers: Map<string, number>; pids: Map<string, number> };

/** What may come on top of 10 %, since small numbers vary by more. */
const slack = { "rss MB": 10, descriptors: 10, "lasting keys": 10 };
const mostGrowth = 0.1;

/** Reads memory and descriptors of every process (Linux: /proc), and the keys of Redis. */
export async function takeSample(rig: Rig): Promise<Sample> {
  const numbers = new Map<string, number>();
  const pids = new Map<string, number>();
  for (const { name, process } of [...rig.nodes, ...rig.workers]) {
    const folder = `/proc/${process.pid}`;
    const status = await readFile(`${folder}/status`, "utf8").catch(() => "");
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    // Ended just now; its successor has another id.
    if (!kilobytes) continue;
    pids.set(name, process.pid);
    numbers.set(`${name} rss MB`, Math.round(kilobytes / 1024));
    numbers.set(`${name} descriptors`, (await readdir(`${folder}/fd`)).length);
  }
  numbers.set("redis keys", await rig.cluster.redis.dbsize());
  numbers.set("redis lasting keys", await countLasting(rig));
  return { at: Date.now(), numbers, pids };
}

/** Keys without an expiry: all others go by themselves, logs an hour after their last event. */
async function countLasting({ cluster: { redis } }: Rig): Promise<number> {
  let count = 0;
  for await (const keys of redis.scanStream({ count: 1000 })) {
    const asked = redis.pipeline();
    for (const key of keys) asked.ttl(key);
    const answers = (await asked.exec()) ?? [];
    count += answers.filter(([, ttl]) => ttl === -1).length;
  }
  return count;
}

export type Trend = {
  what: string;
  first: number;
  last: number;
  isJudged: boolean;
  isGrown: boolean;
};

/** Medians of the first and the last third; judged for what lived all the time and goes by no clock. */
export function findTrends(samples: readonly Sample[]): Trend[] {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const names = [...(samples[0]?.numbers.keys() ?? [])];
  return names.map((what) => {
    const of = (some: readonly Sample[]) =>
      median(some.flatMap(({ numbers }) => numbers.get(what) ?? []));
    const first = of(samples.slice(0, third));
    const last = of(samples.slice(-third));
    const [owner = "", ...rest] = what.split(" ");
    const ids = new Set(samples.map(({ pids }) => pids.get(owner)));
    const more = slack[rest.join(" ") as keyof typeof slack];
    const isJudged = more !== undefined && ids.size === 1;
    return {
      what,
      first,
      last,
      isJudged,
      isGrown: isJudged && last > first * (1 + mostGrowth) + more,
    };
  });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function formatTrends(trends: readonly Trend[]): string {
  const lines = trends.map(({ what, first, last, isJudged, isGrown }) => [
    what,
    String(first),
    String(last),
    isGrown ? "GROWN" : isJudged ? "flat" : "not compared",
  ]);
  const all = [["what", "first third", "last third", "verdict"], ...lines];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  const show = (line: string[]) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ");
  return all.map((line) => `| ${show(line)} |`).join("\n");
}
