import { setTimeout as pause } from "node:timers/promises";
import type { Job, RowsAfterCancel } from "../../../protocol/jobs.ts";
import { judgeCancelled } from "../support/judge-cancelled.ts";
import { hasRows } from "../support/judgement.ts";
import { sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { type Member, type Rig, startRig } from "../support/rig.ts";
import { untilStored } from "../support/stored-job.ts";
import { join, noFindings, type Promised, type Trial } from "../support/trial.ts";

type Trouble = "nobody at work yet" | "none" | "stalled worker" | "no Redis";

/** From the question to the end in MongoDB. */
const longestMs: Record<Trouble, number> = {
  "nobody at work yet": 2000,
  none: 2000,
  "stalled worker": 35_000,
  "no Redis": 35_000,
};
/** The small tier shares two cores with other tests. */
const inCompany = 3;
/** Longer than any of these: what hasn't ended by then counts as never ended. */
const patience = 45;

const rowsOf = (random: Trial["random"]) => random.pick<RowsAfterCancel>(["keep", "discard"]);

function setRedis(rig: Rig, isThere: boolean): void {
  for (const { redis } of [...rig.nodes, ...rig.workers]) {
    if (isThere) redis.accept();
    else redis.refuse();
  }
}

/** One import, cancelled at a random moment through a random node. */
async function cancelOnce(rig: Rig, trial: Trial, trouble: Trouble, rows: RowsAfterCancel) {
  const { random } = trial;
  const given = await submitReference(rig, sizeOf(trial));
  const { ann, job, watchers } = given;
  const [first] = watchers;
  const [worker] = rig.workers;
  const isTroubled = trouble === "stalled worker" || trouble === "no Redis";
  if (isTroubled) await first?.until(hasRows, "rows");
  // Without trouble anywhere from before its start to after its end.
  if (trouble !== "nobody at work yet") await pause(random.between(0, isTroubled ? 1000 : 6000));
  if (trouble === "stalled worker") worker?.process.child.kill("SIGSTOP");
  if (trouble === "no Redis") setRedis(rig, false);
  if (trouble === "stalled worker") await rig.addWorker();

  const askedAt = Date.now();
  const init = { method: "POST", json: { rows } };
  const path = `/api/v1/jobs/${job.id}/cancel`;
  const answer = await ann.call<Job>(path, init, rig.url(random.between(0, 1)));
  const isOver = ({ finishedAt }: { finishedAt: Date | null }) => finishedAt !== null;
  const ended = await untilStored(rig.cluster, job.id, isOver, patience);
  const ms = (ended?.finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) - askedAt;
  worker?.process.child.kill("SIGCONT");
  setRedis(rig, true);
  if (ended) await given.untilEnded();
  // Until then rows that the sleeper had on its way may still come in.
  const isSettled = (stored: { isSettled: boolean }) => stored.isSettled;
  if (trouble === "stalled worker") await untilStored(rig.cluster, job.id, isSettled, patience);

  const found = ended ? await judgeCancelled(rig, given, rows, answer) : noFindings();
  if (!ended) found.wrong.push(`still running ${patience} s later`);
  else if (ms > longestMs[trouble] * (trial.isLarge ? 1 : inCompany))
    found.wrong.push(`ended only ${ms} ms later`);
  found.wrong = found.wrong.map((words) => `${trouble}, ${rows}: ${words}`);
  return { found, ms: Math.max(0, ms) };
}

export const cancel: Promised = {
  id: "P11",
  title: "cancel works from any node and ends in one truth",
  seeds: 10,
  mutants: [
    {
      what: "a cancel by Redis message alone",
      file: "server/jobs/stops.ts",
      from: "{ $set: { cancel } },",
      to: "{ $set: {} },",
      also: [
        {
          file: "server/jobs/runner.ts",
          from: "if (fresh.cancel) return end(",
          to: 'if (fresh.cancel || signal.reason === "cancel") return end(',
        },
      ],
    },
    {
      what: "a cancel is noticed only between two chunks of the file",
      file: "server/jobs/import-thread/work.ts",
      from: "signal.throwIfAborted();\n        await writer.add(batch);",
      to: "await writer.add(batch);",
    },
  ],
  async attack(trial) {
    const { random, isLarge } = trial;
    const troubles: Trouble[] = isLarge
      ? ["none", "none", "none", "none", "no Redis", "stalled worker"]
      : ["none", random.pick(["stalled worker", "no Redis"] as const)];
    await using rig = await startRig();
    const results = [await cancelOnce(rig, trial, "nobody at work yet", rowsOf(random))];
    const worker: Member = await rig.addWorker();
    worker.mongo?.toServer.set({ bytesPerSecond: stretched(sizeOf(trial)) });
    for (const trouble of troubles) {
      results.push(await cancelOnce(rig, trial, trouble, rowsOf(random)));
    }
    return {
      ...join(...results.map(({ found }) => found)),
      faults: results.length,
      recoveryMs: results.map(({ ms }) => ms),
    };
  },
};
