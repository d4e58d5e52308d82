import { copyWith } from "../test/faults/support/defective-copy.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { startRig } from "./rig.ts";
import { describe, importOnce } from "./runs.ts";

/** What makes an import exact after a crash, taken out: nothing is saved before the end, nobody is fenced. */
const careless = [
  {
    what: "no checkpoint before the end",
    file: "server/jobs/import-thread/writer.ts",
    from: "if (Date.now() - savedAt >= intervalMs) saveReached();",
    to: "",
  },
  {
    what: "no fence",
    file: "server/jobs/job-store.ts",
    from: '{ _id: job._id, fence: job.fence, state: "running" },',
    to: '{ _id: job._id, state: "running" },',
  },
];

/** Imports with checkpoints and fences against the same with both switched off. */
export const safety: Bench = {
  name: "safety",
  pairs: 8,
  async run(pairs, report) {
    await using exact = await startRig();
    await using fast = await startRig({ folder: copyWith(careless) });
    for (const rig of [exact, fast]) await importOnce(rig);
    const results = await interleave(
      pairs,
      () => importOnce(exact),
      () => importOnce(fast),
    );
    for (const { a, b } of results) report(`exact ${describe(a)} | careless ${describe(b)}`);
    const ratios = results.map(({ a, b }) => b.wall / a.wall);
    return [judge("safety", "rows/s without checkpoints and fences", ratios, { atLeast: 0.95 })];
  },
};
