import { parseArgs } from "node:util";
import { againstBson } from "./against-bson.ts";
import { againstLoop } from "./against-loop.ts";
import { againstTutorial } from "./against-tutorial.ts";
import { cachedPage } from "./cached-page.ts";
import { comeback } from "./comeback.ts";
import { deepPages } from "./deep-pages.ts";
import { exportMemory } from "./export-memory.ts";
import { exportSpeed } from "./export-speed.ts";
import { fairShares } from "./fair-shares.ts";
import { idleNode } from "./idle-node.ts";
import { importSpeed } from "./import-speed.ts";
import { loginFlood } from "./login-flood.ts";
import { massComeback } from "./mass-comeback.ts";
import { memory, memory10 } from "./memory.ts";
import { ndjsonSpeed } from "./ndjson-speed.ts";
import type { Ratio } from "./pairs.ts";
import { progressCpu } from "./progress-cpu.ts";
import { format, formatKept, keep, machine } from "./results.ts";
import { safety } from "./safety.ts";
import { sortedPages } from "./sorted-pages.ts";
import { uploadSpeed } from "./upload-speed.ts";
import { workerLoop } from "./worker-loop.ts";

const benches = [
  importSpeed,
  ndjsonSpeed,
  againstTutorial,
  againstLoop,
  againstBson,
  uploadSpeed,
  exportSpeed,
  exportMemory,
  workerLoop,
  progressCpu,
  idleNode,
  comeback,
  cachedPage,
  deepPages,
  sortedPages,
  memory,
  memory10,
  safety,
  fairShares,
  loginFlood,
  massComeback,
];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    pairs: { type: "string" },
    json: { type: "boolean", default: false },
    /** keeps what was measured in bench/results */
    keep: { type: "boolean", default: false },
    /** prints what is kept there as a table, and measures nothing */
    table: { type: "boolean", default: false },
  },
});

if (values.table) {
  console.log(formatKept());
  process.exit(0);
}
const chosen = benches.filter(({ name }) => !values.only || name === values.only);
if (chosen.length === 0) {
  console.error(
    `no bench "${values.only}"; there are ${benches.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const say = (line: string) => {
  if (!values.json) console.log(line);
};

say(machine());
const ratios: Ratio[] = [];
for (const bench of chosen) {
  const pairs = Number(values.pairs ?? bench.pairs);
  say(`\n${bench.name}: ${pairs} pairs`);
  const raw: string[] = [];
  const found = await bench.run(pairs, (line) => {
    raw.push(line);
    say(line);
  });
  ratios.push(...found);
  if (values.json) for (const ratio of found) console.log(JSON.stringify(ratio));
  const date = new Date().toISOString().slice(0, 10);
  if (values.keep) keep({ bench: bench.name, machine: machine(), date, ratios: found, raw });
}
for (const { name, against, ratio, spread, reach, holds, pairs } of ratios) {
  say(
    `\n${holds ? "holds" : "FALLS SHORT"}  ${name} against ${against}: ` +
      `${format(ratio)} (${spread.map(format).join(" to ")}, ${pairs} pairs; ${reach})`,
  );
}
process.exit(ratios.every(({ holds }) => holds) ? 0 : 1);
