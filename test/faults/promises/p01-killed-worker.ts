import { setTimeout as pause } from "node:timers/promises";
import { countSnapshots } from "../support/judge-watchers.ts";
import { hasRows } from "../support/judgement.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { startRig } from "../support/rig.ts";
import type { Promised } from "../support/trial.ts";

const longestRecoveryMs = 20_000;

export const killedWorker: Promised = {
  id: "P1",
  title: "a killed worker costs seconds, not rows",
  seeds: 10,
  mutants: [
    {
      what: "a checkpoint is written before its batch is acknowledged",
      file: "server/jobs/import-thread/writer.ts",
      from: "saver.offer(acknowledged);",
      to: "saver.offer(queued);",
    },
  ],
  async attack({ random, isLarge }) {
    const size = sizeOf({ isLarge });
    await using rig = await startRig();
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");

    const victim = await rig.addWorker();
    victim.mongo?.toServer.set({ bytesPerSecond: stretched(size) });
    await first.until(({ type }) => type === "job.started", "the start");
    await rig.addWorker();
    const checkpoints = random.between(1, 4);
    const hasCome = () => first.events().filter(hasRows).length >= checkpoints || undefined;
    await first.untilSeen(hasCome, "checkpoints");
    // With the batches that the last one doesn't cover on their way.
    await pause(random.between(0, 300));
    const told = first.events().length;
    const killedAt = Date.now();
    await victim.kill();
    await given.untilEnded();

    const findings = await judgeImport(rig, given);
    const next = first.seen.find(({ seenAt, kind }) => kind === "event" && seenAt > killedAt);
    const progress = first.seen.find(
      (item) =>
        item.seenAt > killedAt && item.kind === "event" && item.event.type === "job.progress",
    );
    const recoveryMs = ((progress ?? next)?.seenAt ?? Number.POSITIVE_INFINITY) - killedAt;
    if (recoveryMs > longestRecoveryMs) findings.wrong.push(`no progress for ${recoveryMs} ms`);
    if (first.events().length === told) findings.wrong.push("the worker had finished already");
    const missed = given.watchers.filter(({ seen }) => countSnapshots(seen) > 0).length;
    if (missed > 0) findings.gaps.push(`${missed} watchers had to begin anew`);
    return { ...findings, faults: 1, recoveryMs: [recoveryMs] };
  },
};
