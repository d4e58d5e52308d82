import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Held } from "../flows/support/memory.ts";
import { attacks } from "./all.ts";
import { findHeld, findTraces, measureAll, warmUp } from "./kit/aftermath.ts";
import { openNeighbour } from "./kit/neighbour.ts";
import { startOwn } from "./kit/own-cluster.ts";
import { formatHeld, formatResult, formatSkipped } from "./kit/report.ts";
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

/** Some rows alone say nothing of what all of them leave. */
const isMeasured = world.isOwn && !wanted;
const longestTripMs = 300;
const calmMs = 60_000;

/** What is wrong once all is over; what processes hold is looked at after a minute of calm. */
async function findAfter(before: readonly Held[]): Promise<string[]> {
  const traces = await findTraces(world);
  if (!isMeasured) return traces;
  await pause(calmMs);
  return [...traces, ...findHeld(world, before)];
}

if (isMeasured) {
  await warmUp(world);
  await pause(calmMs / 6);
  // How the neighbour fared until now is nobody's fault.
  await neighbour.look();
}
const before = isMeasured ? measureAll(world) : [];
let [passed, failed, skipped, trips] = [0, 0, 0, 0];
let slowest = { ms: 0, id: "" };
for (const row of chosen) {
  const obstacle = findObstacle(row);
  if (obstacle !== null) {
    skipped += 1;
    console.log(formatSkipped(row, obstacle));
    continue;
  }
  const result = await runRow(world, neighbour, row);
  const { slowestMs: ms, problems } = result;
  trips += result.trips;
  if (ms > slowest.ms) slowest = { ms, id: row.id };
  if (ms > longestTripMs) problems.push(`a neighbour's round trip of ${ms} ms`);
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(formatResult(result));
}

const after = await findAfter(before);
if (isMeasured)
  console.log(`\nheld: ${formatHeld(before)}, a minute after: ${formatHeld(measureAll(world))}`);
neighbour.close();
world.close();
await cluster?.[Symbol.asyncDispose]();
for (const problem of after) console.log(`! ${problem}`);
const { ms, id } = slowest;
console.log(
  `a neighbour's slowest of ${trips} round trips: ${ms} ms, during ${id}; ${longestTripMs} ms allowed`,
);
console.log(`${failed} failed, ${skipped} skipped`);
console.log(`${passed} of ${chosen.length}`);
process.exit(failed + after.length > 0 ? 1 : 0);
