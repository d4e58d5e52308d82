import { parseArgs } from "node:util";
import { attacks } from "./all.ts";
import { openNeighbour } from "./kit/neighbour.ts";
import { startOwn } from "./kit/own-cluster.ts";
import { formatResult, formatSkipped } from "./kit/report.ts";
import type { Row } from "./kit/row.ts";
import { runRow } from "./kit/run-row.ts";
import { createWorld } from "./kit/world.ts";

const { values } = parseArgs({
  options: { url: { type: "string" }, only: { type: "string", multiple: true } },
});
const wanted = values.only?.flatMap((ids) => ids.split(","));
const chosen = attacks.filter(({ id }) => !wanted || wanted.includes(id));
const cluster = values.url === undefined ? await startOwn() : null;
const world = createWorld(values.url?.replace(/\/$/, "") ?? cluster?.url() ?? "", cluster);
const neighbour = await openNeighbour(world);

/** What stands in the way of a row, or null. */
function findObstacle({ needs, isSeen }: Row): string | null {
  if (isSeen && !process.env.CHROMIUM_PATH) return "a browser";
  return needs !== undefined && !world.isOwn ? needs : null;
}

let [passed, failed, skipped] = [0, 0, 0];
let slowest = { ms: 0, id: "" };
for (const row of chosen) {
  const obstacle = findObstacle(row);
  if (obstacle !== null) {
    skipped += 1;
    console.log(formatSkipped(row, obstacle));
    continue;
  }
  const result = await runRow(world, neighbour, row);
  if (result.neighbourMs > slowest.ms) slowest = { ms: result.neighbourMs, id: row.id };
  if (result.problems.length === 0) passed += 1;
  else failed += 1;
  console.log(formatResult(result));
}

neighbour.close();
world.close();
await cluster?.[Symbol.asyncDispose]();
console.log(`\na neighbour's slowest two round trips: ${slowest.ms} ms, during ${slowest.id}`);
console.log(`${failed} failed, ${skipped} skipped`);
console.log(`${passed} of ${chosen.length}`);
process.exit(failed > 0 ? 1 : 0);
