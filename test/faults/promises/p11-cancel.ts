import { setTimeout as pause } from "node:timers/promises";
import type { DatasetDocument } from "../../../server/datasets/dataset.model.ts";
import { judgeAgreement, judgeOrder } from "../support/judge-watchers.ts";
import { hasRows, isFinal } from "../support/judgement.ts";
import { createLookout } from "../support/lookout.ts";
import {
  type ReferenceImport,
  sizeOf,
  stretched,
  submitReference,
} from "../support/reference-import.ts";
import { type Rig, startRig } from "../support/rig.ts";
import { readJob } from "../support/stored-job.ts";
import { type Findings, join, noFindings, type Promised, type Trial } from "../support/trial.ts";

type Trouble = "none" | "stalled worker" | "no Redis";
type Words = "keep" | "discard";

const longestMs: Record<Trouble, number> = {
  none: 2000,
  "stalled worker": 35_000,
  "no Redis": 35_000,
};

/** One import, cancelled at a random moment through a random node. */
async function cancelOnce(rig: Rig, { random, isLarge }: Trial, trouble: Trouble, rows: Words) {
  const size = sizeOf({ isLarge });
  const given = await submitReference(rig, size);
  const { ann, job, watchers } = given;
  const [first] = watchers;
  if (!first) throw new Error("nobody watches");
  // Without trouble anywhere from before its start to after its end.
  if (trouble !== "none") await first.until(hasRows, "rows");
  await pause(random.between(0, trouble === "none" ? 6000 : 1000));
  const [worker] = rig.workers;
  if (trouble === "stalled worker") {
    await rig.addWorker();
    worker?.process.child.kill("SIGSTOP");
  }
  if (trouble === "no Redis") worker?.redis.refuse();

  const askedAt = Date.now();
  const answer = await ann.call(
    `/api/v1/jobs/${job.id}/cancel`,
    {
      method: "POST",
      json: { rows },
    },
    rig.url(random.between(0, 1)),
  );
  await untilEnded(rig, job.id);
  const ms = Date.now() - askedAt;
  worker?.process.child.kill("SIGCONT");
  worker?.redis.accept();
  await given.untilEnded();

  const found = await judgeCancelled(rig, given, rows, answer.status);
  if (ms > longestMs[trouble]) found.wrong.push(`${trouble}: ended after ${ms} ms`);
  return { found, ms };
}

async function untilEnded(rig: Rig, jobId: string): Promise<void> {
  const jobs = rig.cluster.mongo.collection<{ _id: string; finishedAt: Date | null }>("jobs");
  const { tell, until } = createLookout();
  let isEnded = false;
  const look = async () => {
    isEnded ||= (await jobs.findOne({ _id: jobId }))?.finishedAt instanceof Date;
    tell();
  };
  const changes = jobs.watch().on("change", look);
  await look();
  // Between the first look and the stream's start nothing is seen: it is asked once more a second.
  const again = setInterval(look, 1000);
  await until(() => isEnded || undefined, "the end in MongoDB", 60);
  clearInterval(again);
  await changes.close();
}

/** One final state, one story, and as many rows as are reported. */
async function judgeCancelled(
  rig: Rig,
  { job, dataset, watchers, file }: ReferenceImport,
  rows: Words,
  status: number,
): Promise<Findings> {
  const found = join(
    judgeAgreement(watchers),
    ...watchers.map(({ seen }, i) => judgeOrder(seen, `watcher ${i}`)),
  );
  const stored = await readJob(rig.cluster, job.id);
  for (const watcher of watchers) {
    const finals = watcher.events().filter(isFinal);
    if (finals.length !== 1) found.doubled.push(`${finals.length} final events`);
    if (finals[0]?.type !== `job.${stored.state}`) found.wrong.push("told otherwise than stored");
  }
  const expected = status === 409 ? "completed" : "cancelled";
  const cameTooLate = stored.state === "completed" && stored.progress.rowsRead === file.rows;
  if (stored.state !== expected && !cameTooLate) found.wrong.push(`${status}, but ${stored.state}`);

  const { mongo } = rig.cluster;
  const count = await mongo.collection(`records_${dataset.id}`).countDocuments();
  const known = await mongo.collection<DatasetDocument>("datasets").findOne({ _id: dataset.id });
  if (stored.state === "cancelled" && rows === "discard") {
    if (known && !known.deletedAt) found.wrong.push("the discarded dataset is still there");
    if (count > 0) found.wrong.push(`${count} rows are left after discard`);
  } else if (known?.rows !== count || stored.progress.rowsImported !== count) {
    const reported = `${known?.rows} and ${stored.progress.rowsImported}`;
    found.wrong.push(`${count} rows are kept, ${reported} reported`);
  }
  return found;
}

export const cancel: Promised = {
  id: "P11",
  title: "cancel works from any node and ends in one truth",
  seeds: 10,
  mutants: [
    {
      what: "a cancel by Redis message alone",
      file: "server/jobs/cancellations.ts",
      from: 'await stops.flagRunning({ _id: jobId, cancel: null }, "keep");',
      to: "await jobs.findById(jobId).lean<JobDocument>();",
    },
  ],
  async attack(trial) {
    const { random, isLarge } = trial;
    const troubles: Trouble[] = isLarge
      ? ["none", "none", "stalled worker", "no Redis"]
      : ["none", random.pick(["stalled worker", "no Redis"] as const)];
    const all = noFindings();
    const recoveryMs: number[] = [];
    for (const [i, trouble] of troubles.entries()) {
      await using rig = await startRig({ workers: 1 });
      for (const { mongo } of rig.workers) {
        mongo?.toServer.set({ bytesPerSecond: stretched(sizeOf(trial)) });
      }
      const { found, ms } = await cancelOnce(rig, trial, trouble, i % 2 ? "keep" : "discard");
      Object.assign(all, join(all, found));
      recoveryMs.push(ms);
    }
    return { ...all, faults: troubles.length, recoveryMs };
  },
};
