import { setTimeout as pause } from "node:timers/promises";
import { hasRows, isFinal } from "../support/judgement.ts";
import { judgeImport, stretched, submitReference } from "../support/reference-import.ts";
import { type Member, type Rig, startRig } from "../support/rig.ts";
import { starve } from "../support/starve.ts";
import { readJob } from "../support/stored-job.ts";
import type { Promised } from "../support/trial.ts";

/** Rows enough for what may be redone to be a small part of them. */
const sizes = {
  small: { rows: 240_000, broken: 300 },
  large: { rows: 400_000, broken: 3000 },
};
const batch = 8000;
/**
 * Three batches on their way, one that is being made, and the whole batches acknowledged in the quarter of
 * a second since the last checkpoint, when the load takes 20 s.
 */
const mostRedone = (rows: number): number => (4 + Math.ceil(rows / 80 / batch)) * batch;
/** By then far more would have to be redone than that, if no checkpoint had come in between. */
const longRun = { least: 5000, most: 6000 };
const longestToStarveMs = 60_000;

export const stormOfCrashes: Promised = {
  id: "P2",
  title: "a storm of crashes slows an import, it doesn't fail it",
  seeds: 3,
  mutants: [
    {
      what: "an attempts budget of 1",
      file: "server/jobs/runner.ts",
      from: "if (job.idleAttempts > mostIdleAttempts) {",
      to: "if (job.attempt > 1) {",
    },
    {
      what: "a checkpoint every minute",
      file: "server/jobs/import-thread/work.ts",
      from: "const tellIntervalMs = 250;",
      to: "const tellIntervalMs = 60_000;",
    },
  ],
  async attack({ random, isLarge }) {
    const size = isLarge ? sizes.large : sizes.small;
    const kills = isLarge ? 5 : 2;
    await using rig = await startRig();
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    const wrong: string[] = [];
    const recoveryMs: number[] = [];
    let crashes = 0;

    async function startVictim(): Promise<Member> {
      const victim = await rig.addWorker();
      // Slower than elsewhere: it must not come to the end between two kills.
      victim.mongo?.toServer.set({ bytesPerSecond: stretched(size) / 4 });
      return victim;
    }

    /** Whether there are rows that weren't there before; not so if the import has ended. */
    async function hasMoreRows(): Promise<boolean> {
      const known = first?.events().filter(hasRows).length ?? 0;
      const look = () => {
        const events = first?.events() ?? [];
        if (events.some(isFinal)) return { isMore: false };
        return events.filter(hasRows).length > known ? { isMore: true } : undefined;
      };
      const from = Date.now();
      const seen = await first?.untilSeen(look, `rows after ${crashes} crashes`);
      if (crashes > 0) recoveryMs.push(Date.now() - from);
      return seen?.isMore ?? false;
    }

    async function judgeCrash(): Promise<void> {
      crashes += 1;
      const { checkpoint } = await readJob(rig.cluster, given.job.id);
      const written = await lastRow(rig, given.dataset.id);
      const redone = written - (checkpoint?.place.row ?? 0);
      if (redone > mostRedone(size.rows)) wrong.push(`${redone} rows have to be redone`);
      if (first?.events().some(isFinal)) wrong.push("the import ended before the crash");
    }

    let victim = await startVictim();
    while (crashes < kills && (await hasMoreRows())) {
      const isLast = crashes === kills - 1;
      await pause(isLast ? random.between(longRun.least, longRun.most) : random.between(0, 1500));
      await victim.kill();
      await judgeCrash();
      victim = await startVictim();
    }
    if (isLarge && (await hasMoreRows())) {
      await starve(victim, longestToStarveMs).catch((err: Error) => wrong.push(err.message));
      await victim.kill();
      await judgeCrash();
      victim = await startVictim();
    }
    victim.mongo?.toServer.clear();
    await given.untilEnded();

    const findings = await judgeImport(rig, given);
    findings.wrong.push(...wrong);
    if (crashes < kills) findings.wrong.push(`only ${crashes} crashes before the end`);
    return { ...findings, faults: crashes, recoveryMs };
  },
};

async function lastRow({ cluster }: Rig, datasetId: string): Promise<number> {
  const rows = cluster.mongo.collection<{ _id: number }>(`records_${datasetId}`);
  const [last] = await rows.find().sort({ _id: -1 }).limit(1).toArray();
  return last?._id ?? 0;
}
