import { readdirSync } from "node:fs";
import { eventually } from "../../flows/support/eventually.ts";
import { type Held, measureProcess, watchMemory } from "../../flows/support/memory.ts";
import { refusalsBy } from "./faults.ts";
import { readLines } from "./journal.ts";
import { patiently } from "./patience.ts";
import type { World } from "./world.ts";

/** What a heap, and a driver's pool, vary by, on top of a tenth. */
const slack: Held = { megabytes: 40, descriptors: 20 };

const processesOf = (world: World) => [...world.own().api, ...world.own().workers];

const tempOf = (world: World): string =>
  (world.own().settings as Record<string, string>).TMPDIR ?? "";

/** What each process of the cluster holds. */
export const measureAll = (world: World): Held[] =>
  processesOf(world).map(({ pid }) => measureProcess(pid));

/** How far the memory of any of them rises from now on, in MB. */
export function watchAll(world: World): () => number {
  const rises = processesOf(world).map(({ pid }) => watchMemory(pid));
  return () => Math.round(Math.max(...rises.map((rise) => rise())) / 1024 ** 2);
}

/** What they hold more than before. */
export function findHeld(world: World, before: readonly Held[]): string[] {
  return measureAll(world).flatMap((after, index) =>
    (["megabytes", "descriptors"] as const)
      .filter((what) => after[what] > 1.1 * (before[index]?.[what] ?? 0) + slack[what])
      .map((what) => `process ${index}: ${what} ${before[index]?.[what]}, then ${after[what]}`),
  );
}

/** As busy as honest people make it, so that heaps and pools have grown before they are measured. */
export async function warmUp(world: World): Promise<void> {
  const { api } = world.own();
  const people = await Promise.all(Array.from({ length: 10 }, () => world.newcomer()));
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${"x".repeat(50)}\n`).join("");
  await Promise.all(
    people.map(async (one) => {
      const { body } = await one.upload(`id,text\n${rows}`);
      await one.final(body.job.id);
      const path = `/api/v1/datasets/${body.dataset.id}/records?limit=200`;
      const calls = api.flatMap(({ url }) => Array(40).fill(url ?? ""));
      await Promise.all(calls.map((at) => patiently(() => one.call(path, {}, at))));
    }),
  );
}

/** What all that was done has left behind, or left out: files, refusals that no line tells of. */
export async function findTraces(world: World): Promise<string[]> {
  if (!world.isOwn) return [];
  const kept = readdirSync(tempOf(world));
  return [
    ...kept.map((name) => `left in the temporary folder: ${name}`),
    ...(await unlogged(world)),
  ];
}

/** Refusals that were answered and that the log doesn't tell of within a moment. */
async function unlogged(world: World): Promise<string[]> {
  const answered = new Map<number, number>();
  for (const { url } of world.own().api) {
    for (const [status, count] of refusalsBy(url ?? "")) {
      answered.set(status, (answered.get(status) ?? 0) + count);
    }
  }
  const find = () => {
    const logged = countLogged(world);
    return [...answered].filter(([status, count]) => (logged.get(status) ?? 0) < count);
  };
  const missing = await eventually(
    async () => find(),
    (found) => found.length === 0,
  );
  const logged = countLogged(world);
  return missing.map(
    ([status, count]) =>
      `${count} answers of ${status}, and the log tells of ${logged.get(status)}`,
  );
}

function countLogged(world: World): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { event, status, count } of readLines(world)) {
    if (event !== "request_refused") continue;
    counts.set(Number(status), (counts.get(Number(status)) ?? 0) + Number(count));
  }
  return counts;
}
