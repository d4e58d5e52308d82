import { parseArgs } from "node:util";
import { promises } from "./promises/catalog.ts";
import {
  attempt,
  explain,
  formatTable,
  isGood,
  keepForTable,
  type Run,
  sortRuns,
} from "./support/scoreboard.ts";
import { createTrial, type Promised } from "./support/trial.ts";

const { values } = parseArgs({
  options: {
    promise: { type: "string", multiple: true },
    seeds: { type: "string" },
    seed: { type: "string" },
    small: { type: "boolean", default: false },
    "at-once": { type: "string", default: "1" },
  },
});

const wanted = values.promise?.flatMap((ids) => ids.split(","));
const unknown = wanted?.filter((id) => !promises.some((promised) => promised.id === id)) ?? [];
if (unknown.length > 0) {
  const known = promises.map(({ id }) => id).join(", ");
  console.error(`no promise ${unknown.join(", ")}; there are ${known}`);
  process.exit(2);
}

const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const chosen = promises.filter(({ id }) => !wanted || wanted.includes(id));
const waiting = chosen.flatMap((promised) =>
  Array.from({ length: Number(values.seeds ?? promised.seeds) }, (_, i) => ({
    promised,
    seed: firstSeed + i,
  })),
);
const runs: Run[] = [];

async function attackOnce(promised: Promised, seed: number): Promise<void> {
  const begun = Date.now();
  const run = await attempt(promised, seed, createTrial(seed, !values.small));
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`${promised.id} seed ${seed}: ${isGood(run) ? "kept" : "BROKEN"}, ${seconds} s`);
  for (const words of explain(run).slice(0, 20)) console.log(`  ${words}`);
  for (const words of run.verdict?.measured ?? []) console.log(`  measured: ${words}`);
  keepForTable(run);
  runs.push(run);
}

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    await attackOnce(next.promised, next.seed);
  }
}

console.log(`${waiting.length} runs, seeds from ${firstSeed}`);
await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
console.log(`\n${formatTable(sortRuns(runs))}`);
process.exit(runs.every(isGood) ? 0 : 1);
