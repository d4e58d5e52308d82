import { isDeepStrictEqual } from "node:util";
import { watchAll } from "./aftermath.ts";
import { takeFaults } from "./faults.ts";
import { markLog, settle } from "./journal.ts";
import type { Neighbour } from "./neighbour.ts";
import { endsWithin } from "./patience.ts";
import type { Row } from "./row.ts";
import type { World } from "./world.ts";

export type Result = {
  row: Row;
  got: unknown;
  problems: string[];
  ms: number;
  /** how far the memory of a process rose, where a row is about that */
  megabytes: number | null;
  /** how a neighbour fared meanwhile: the slowest of so many round trips */
  slowestMs: number;
  trips: number;
};

const longestMs = 180_000;

/** Tries one row, then looks whether everybody else is well; never throws. */
export async function runRow(world: World, neighbour: Neighbour, row: Row): Promise<Result> {
  const faultsSince = world.isOwn ? markLog(world) : () => [];
  takeFaults();
  const rise = row.mostMegabytes === undefined || !world.isOwn ? () => null : watchAll(world);
  const begun = Date.now();
  const got = await attempt(world, row);
  const ms = Date.now() - begun;
  const megabytes = rise();
  const problems = isDeepStrictEqual(got, row.expected) ? [] : ["not what was expected"];
  if ((megabytes ?? 0) > (row.mostMegabytes ?? 0)) problems.push(`memory rose by ${megabytes} MB`);
  const fared = await neighbour.look();
  problems.push(...fared.problems);
  if (!row.isFault) {
    problems.push(...takeFaults().map((status) => `an answer of ${status}`));
    problems.push(...faultsSince().map((line) => `logged: ${JSON.stringify(line).slice(0, 300)}`));
  }
  if (world.isOwn) problems.push(...findEnded(world));
  await world.tidy();
  if (row.isFault && world.isOwn) await settle(world);
  const { slowestMs, trips } = fared;
  return { row, got, problems, ms, megabytes, slowestMs, trips };
}

async function attempt(world: World, row: Row): Promise<unknown> {
  const acted = row.act(world).then(
    (value) => ({ value }),
    (error: Error) => ({ value: `threw: ${error.message.slice(0, 300)}` }),
  );
  if (!(await endsWithin(longestMs, acted))) return `not done after ${longestMs / 1000} s`;
  return (await acted).value;
}

const findEnded = (world: World): string[] =>
  [...world.own().api, ...world.own().workers]
    .filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
    .map(({ pid }) => `process ${pid} has ended`);
