import { readFileSync } from "node:fs";
import { formatTable, type Run, sortRuns } from "./support/scoreboard.ts";

/** Prints the table of the runs that `npm test` has made ($SLUICE_RUNS, one JSON line each). */
const lines = readFileSync(process.env.SLUICE_RUNS ?? "", "utf8")
  .trim()
  .split("\n");
const runs = sortRuns(lines.map((line): Run => JSON.parse(line)));
console.log(
  `\nPromises, the small tier; seeds ${runs.map(({ id, seed }) => `${id}: ${seed}`).join(", ")}`,
);
console.log(formatTable(runs));
