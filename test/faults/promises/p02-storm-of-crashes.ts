import { setTimeout as pause } from "node:timers/promises";
import { hasRows, isFinal } from "../support/judgement.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { type Member, startRig } from "../support/rig.ts";
import { readJob } from "../support/stored-job.ts";
import type { Promised } from "../support/trial.ts";

/** Three batches on their way, and one that is being made. */
const mostRedone = 4 * 2000;

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
  ],
  async attack({ random, isLarge }) {
    const size = sizeOf({ isLarge });
    const kills = isLarge ? 5 : 2;
    await using rig = await startRig();
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    const wrong: string[] = [];
    const recoveryMs: number[] = [];

    async function startVictim(): Promise<Member> {
      const victim = await rig.addWorker();
      // Slower than elsewhere: it must not come to the end between two kills.
      victim.mongo?.toServer.set({ bytesPerSecond: stretched(size) / 2 });
      return victim;
    }

    let victim = await startVictim();
    for (let kill = 0; kill < kills; kill += 1) {
      const known = first.events().filter(hasRows).length;
      const isFresh = () => first.events().filter(hasRows).length > known || undefined;
      const from = Date.now();
      await first.untilSeen(isFresh, `rows after ${kill} kills`);
      if (kill > 0) recoveryMs.push(Date.now() - from);
      await pause(random.between(0, 300));
      await victim.kill();
      const { checkpoint } = await readJob(rig.cluster, given.job.id);
      const written = await lastRow(`records_${given.dataset.id}`);
      const redone = written - (checkpoint?.place.row ?? 0);
      if (redone > mostRedone) wrong.push(`${redone} rows have to be redone`);
      if (first.events().some(isFinal)) wrong.push("the import ended before the kill");
      victim = await startVictim();
    }
    victim.mongo?.toServer.clear();
    await given.untilEnded();

    async function lastRow(name: string): Promise<number> {
      const [last] = await rig.cluster.mongo
        .collection<{ _id: number }>(name)
        .find()
        .sort({ _id: -1 })
        .limit(1)
        .toArray();
      return last?._id ?? 0;
    }
    const findings = await judgeImport(rig, given);
    findings.wrong.push(...wrong);
    return { ...findings, faults: kills, recoveryMs };
  },
};
