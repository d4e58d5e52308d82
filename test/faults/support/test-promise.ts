import { expect, it } from "@jest/globals";
import { attempt, explain, keepForTable } from "./scoreboard.ts";
import { createTrial, type Promised } from "./trial.ts";

const longestMs = 240_000;

/** The small tier: one run, whose seed stands in the test's title ($SLUICE_SEED repeats one). */
export function testPromise(promised: Promised): void {
  const seed = Number(process.env.SLUICE_SEED ?? Math.floor(Math.random() * 1_000_000));

  it(
    `${promised.id}: ${promised.title} (seed ${seed})`,
    async () => {
      const run = await attempt(promised, seed, createTrial(seed, false));

      keepForTable(run);
      expect(explain(run)).toEqual([]);
    },
    longestMs,
  );
}
