import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { recordCheckpoints } from "../support/checkpoints.ts";
import { hasRows, isFinal, jobOf } from "../support/judgement.ts";
import { untilLogged } from "../support/logged.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { type Member, type Rig, startRig } from "../support/rig.ts";
import { readJob } from "../support/stored-job.ts";
import { readDataset } from "../support/stored-rows.ts";
import { join, type Promised, type Trial, type Verdict } from "../support/trial.ts";

const lockMs = 10_000;
const longestToStopMs = 2000;

/** Takes a worker away for a while; the answer resolves once it is back. */
type Freeze = (sleeper: Member, untilTaken: () => Promise<unknown>) => Promise<void>;

/**
 * For three times its lock, and at least until another worker has taken over, with an event on the line
 * that reaches Redis only then.
 */
const stopped: Freeze = async (sleeper, untilTaken) => {
  sleeper.redis.toServer.set({ isStalled: true });
  // Longer than from one event to the next, shorter than it waits for Redis.
  await pause(800);
  sleeper.process.child.kill("SIGSTOP");
  await Promise.all([pause(3 * lockMs), untilTaken()]);
  sleeper.redis.go();
  sleeper.process.child.kill("SIGCONT");
};

/** Without Redis for a minute, while MongoDB is there. */
const cutOff: Freeze = async ({ redis }, untilTaken) => {
  redis.refuse();
  await Promise.all([pause(60_000), untilTaken()]);
  redis.accept();
};

async function readAll(rig: Rig, jobId: string, datasetId: string) {
  // The sweeper settles ended jobs in its own time.
  const { isSettled: _, isAnnounced: __, ...job } = await readJob(rig.cluster, jobId);
  return { job, dataset: await readDataset(rig.cluster, datasetId) };
}

async function attackBy(freeze: Freeze, { random, isLarge }: Trial): Promise<Verdict> {
  const size = sizeOf({ isLarge });
  await using rig = await startRig();
  const given = await submitReference(rig, size);
  const [first] = given.watchers;
  if (!first) throw new Error("nobody watches");

  const sleeper = await rig.addWorker();
  sleeper.mongo?.toServer.set({ bytesPerSecond: stretched(size) });
  await first.until(hasRows, "rows");
  await using checkpoints = recordCheckpoints(rig, given.job.id);
  await pause(random.between(0, 500));
  const heirs: Member[] = [];
  // Only now, and still at work when the sleeper wakes up, or there would be nothing to spoil.
  const untilTaken = async () => {
    const heir = await rig.addWorker();
    heirs.push(heir);
    heir.mongo?.toServer.set({ bytesPerSecond: stretched(size) / 10 });
    await first.until((event) => jobOf(event).attempt === 2, "the takeover");
  };
  const frozenAt = Date.now();
  const overtaken = untilLogged(sleeper.process, "attempt_overtaken").then(() => Date.now());
  await freeze(sleeper, untilTaken);
  const awakeAt = Date.now();
  const stoppedAt = await overtaken;
  const isMissed = first.events().some(isFinal);
  const byFence = sleeper.process.output().includes('"by":"fence"');
  for (const heir of heirs) heir.mongo?.toServer.clear();
  await given.untilEnded();
  const before = await readAll(rig, given.job.id, given.dataset.id);
  // The sleeper, awake, still does its work: it is the only one left for this.
  for (const heir of heirs) await heir.kill();
  const next = await given.ann.final((await given.ann.upload("a\n1\n")).body.job.id);

  const findings = await judgeImport(rig, given);
  if (next.state !== "completed") findings.wrong.push(`the sleeper's next job is ${next.state}`);
  if (isMissed) findings.wrong.push("the import ended before the sleeper woke up");
  for (const row of checkpoints.setbacks()) findings.wrong.push(`a checkpoint went back to ${row}`);
  if (checkpoints.rows.length === 0) findings.wrong.push("no checkpoint was seen");
  const after = await readAll(rig, given.job.id, given.dataset.id);
  if (!isDeepStrictEqual(after, before)) findings.wrong.push("something changed after the end");
  if (stoppedAt - awakeAt > longestToStopMs) {
    findings.wrong.push(`the old attempt went on for ${stoppedAt - awakeAt} ms`);
  }
  // Without Redis it stops before anybody can have raised the fence.
  if (freeze === stopped && !byFence) findings.wrong.push("the fence wasn't what stopped it");
  const taken = first.seen.find((item) => item.kind === "event" && jobOf(item.event).attempt === 2);
  return { ...findings, faults: 1, recoveryMs: [(taken?.seenAt ?? frozenAt) - frozenAt] };
}

export const frozenWorker: Promised = {
  id: "P3",
  title: "a worker that comes back from the dead changes nothing",
  seeds: 3,
  mutants: [
    {
      what: "the fence is off",
      file: "server/jobs/job-store.ts",
      from: '{ _id: job._id, fence: job.fence, state: "running" },',
      to: '{ _id: job._id, state: "running" },',
    },
    {
      what: "the fence of the channels is off",
      file: "server/infrastructure/channel-scripts.ts",
      from: "if fence < tonumber(known or redis.call('HGET', last, ARGV[8]) or -1) then return 0 end",
      to: "",
    },
  ],
  async attack(trial) {
    const verdict = await attackBy(stopped, trial);
    if (!trial.isLarge) return verdict;
    const other = await attackBy(cutOff, trial);
    return {
      ...join(verdict, other),
      faults: verdict.faults + other.faults,
      recoveryMs: [...verdict.recoveryMs, ...other.recoveryMs],
    };
  },
};
