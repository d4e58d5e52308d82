import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Ratio } from "./pairs.ts";

const folder = fileURLToPath(new URL("results", import.meta.url));

export const machine = (): string =>
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`;

/** What a bench measured: the ratios, and the lines that it printed on the way. */
export type Result = {
  bench: string;
  machine: string;
  date: string;
  ratios: Ratio[];
  raw: string[];
};

/** Keeps a result in `bench/results`, in place of an older one of the same bench. */
export function keep(result: Result): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${result.bench}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

/** All that is kept there as a table in Markdown, the losses too. */
export function formatKept(): string {
  const results = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Result);
  const rows = results.flatMap(({ ratios }) => ratios).map(formatRow);
  return [
    "| what | against | reach | median | spread | pairs | |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function formatRow({ name, against, reach, ratio, spread, pairs, holds }: Ratio): string {
  const [least, most] = spread.map(format);
  return `| ${name} | ${against} | ${reach} | ${format(ratio)} | ${least} to ${most} | ${pairs} | ${holds ? "holds" : "**falls short**"} |`;
}

/** Two places, more for what would be next to nothing in two. */
export const format = (value: number): string =>
  Math.abs(value) < 0.1 ? value.toPrecision(2) : value.toFixed(2);
