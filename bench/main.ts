import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { deepPages } from "./deep-pages.ts";
import { fairShares } from "./fair-shares.ts";
import { importSpeed } from "./import-speed.ts";
import { memory } from "./memory.ts";
import type { Ratio } from "./pairs.ts";
import { safety } from "./safety.ts";

const benches = [importSpeed, deepPages, memory, safety, fairShares];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    pairs: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

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

say(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
const ratios: Ratio[] = [];
for (const bench of chosen) {
  const pairs = Number(values.pairs ?? bench.pairs);
  say(`\n${bench.name}: ${pairs} pairs`);
  for (const ratio of await bench.run(pairs, say)) {
    ratios.push(ratio);
    if (values.json) console.log(JSON.stringify(ratio));
  }
}
for (const { name, against, ratio, spread, reach, holds, pairs } of ratios) {
  say(
    `\n${holds ? "holds" : "FALLS SHORT"}  ${name} against ${against}: ` +
      `${ratio.toFixed(2)} (${spread.map((s) => s.toFixed(2)).join(" to ")}, ${pairs} pairs; ${reach})`,
  );
}
process.exit(ratios.every(({ holds }) => holds) ? 0 : 1);
