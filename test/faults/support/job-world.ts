import { setTimeout as pause } from "node:timers/promises";
import type { Job, RowsAfterCancel } from "../../../protocol/jobs.ts";
import { createJobModel, type JobModel } from "./job-model.ts";
import { judgeRuns } from "./judge-runs.ts";
import { countSnapshots, judgeOrder } from "./judge-watchers.ts";
import { isFinal, jobOf } from "./judgement.ts";
import { createOrdersFile } from "./orders-file.ts";
import { type Member, type Rig, startRig } from "./rig.ts";
import { createRoamer } from "./roamer.ts";
import { readStoredJob, untilStored } from "./stored-job.ts";
import { compareRows } from "./stored-rows.ts";
import { type Findings, join, noFindings } from "./trial.ts";
import { type Watcher, watch } from "./watcher.ts";

const rows = 30_000;
/** Longer than the lock and the check for stalled tickets together. */
const frozenMs = 17_000;
const toStopMs = 2000;
const fenced = '"event":"attempt_overtaken","by":"fence"';
/** Makes an import take seconds, and each of its steps long enough to be met in its middle. */
const slowly = { delayMs: 150 };

type Known = {
  job: Job;
  model: JobModel;
  watcher: Watcher;
  roamer: ReturnType<typeof createRoamer>;
};

/** Two nodes, the workers that are awake, and the jobs of one user, as commands find and change them. */
export async function createJobWorld(isLarge: boolean) {
  const rig: Rig = await startRig();
  const ann = await rig.signUp();
  const file = createOrdersFile(rows, 300);
  const known: Known[] = [];
  const awake: Member[] = [];
  const thaws: Promise<void>[] = [];
  const wrong: string[] = [];
  const counts = { kills: 0, freezes: 0, reconnects: 0 };

  async function hire(): Promise<void> {
    const worker = await rig.addWorker();
    for (const line of [worker.mongo, worker.redis]) line?.toServer.set(slowly);
    awake.push(worker);
  }
  await hire();

  async function submit(node: number): Promise<Known> {
    const { status, body } = await ann.upload(file.text, { at: rig.url(node) });
    if (status !== 202) throw new Error(`a submission was answered ${status}`);
    const { job } = body;
    const watcher = watch(ann, rig.url(0), `job:${job.id}`);
    const roamer = createRoamer(ann, `job:${job.id}`);
    await roamer.goTo(rig.url(1));
    await watcher.untilSeen((seen) => seen[0], "an answer to a subscription");
    const entry = { job, model: createJobModel(rows), watcher, roamer };
    known.push(entry);
    return entry;
  }

  const ask = (id: string, verb: "cancel" | "retry", node: number, json: object) =>
    ann.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST", json }, rig.url(node));

  async function cancel(at: number, node: number, rowsAfter: RowsAfterCancel): Promise<void> {
    const { job, model } = pick(at);
    const { status, body } = await ask(job.id, "cancel", node, { rows: rowsAfter });
    model.onCancel(status, body, rowsAfter);
  }

  async function retry(at: number, node: number): Promise<void> {
    const { job, model, watcher } = pick(at);
    const last = watcher.events().at(-1);
    const wasCancelled = last?.type === "job.cancelled" && jobOf(last).run === model.runs.length;
    const { status, body } = await ask(job.id, "retry", node, {});
    model.onRetry(status, body, wasCancelled);
  }

  function stall(): void {
    for (const { redis } of awake) redis.toServer.set({ isStalled: true });
  }

  /** All that are awake stop, with what they had on the line to Redis, for longer than their locks at least. */
  async function freeze(untilThaw: Promise<unknown> = Promise.resolve()): Promise<void> {
    stall();
    const sleepers = awake.splice(0);
    for (const { process } of sleepers) process.child.kill("SIGSTOP");
    counts.freezes += 1;
    thaws.push(Promise.all([pause(frozenMs), untilThaw]).then(() => thaw(sleepers)));
    await hire();
  }

  /** What is on the line arrives before they wake up; then they have the time that they may take to stop. */
  async function thaw(sleepers: Member[]): Promise<void> {
    for (const { redis } of sleepers) redis.go();
    await pause(300);
    // Whatever harm they can do they do in that time, not held up by the lines.
    for (const { mongo, redis } of sleepers)
      for (const line of [mongo, redis]) line?.toServer.clear();
    for (const { process } of sleepers) process.child.kill("SIGCONT");
    awake.push(...sleepers);
    await pause(toStopMs);
    for (const { mongo, redis } of sleepers) {
      for (const line of [mongo, redis]) line?.toServer.set(slowly);
    }
  }

  /** Between the last checkpoint of an import and its final state: the event in between is held. */
  async function freezeAtEnd(node: number, tries = 3): Promise<void> {
    const { job, watcher } = await submit(node);
    const isThrough = ({ checkpoint }: { checkpoint: { place: { row: number } } | null }) =>
      checkpoint?.place.row === rows;
    await untilStored(rig.cluster, job.id, isThrough, 60);
    stall();
    await pause(300);
    if ((await readStoredJob(rig.cluster, job.id)).state === "running") {
      // An older attempt that wakes up any earlier does no lasting harm: the sweeper tells what is stored.
      return freeze(watcher.until(isFinal, "the end by another", 60).catch(() => {}));
    }
    for (const { redis } of awake) redis.go();
    // It had ended already.
    if (tries > 1) return freezeAtEnd(node, tries - 1);
  }

  async function kill(at: number): Promise<void> {
    const victim = awake[at % awake.length];
    if (!victim) return;
    await victim.kill();
    await victim.restart();
    counts.kills += 1;
  }

  async function reconnect(at: number, node: number): Promise<void> {
    await pick(at).roamer.goTo(rig.url(node));
    counts.reconnects += 1;
  }

  const pick = (at: number): Known => known[at % known.length] as Known;

  /** Once nobody is frozen any more and every job has ended: what differs from the model. */
  async function judge(): Promise<Findings> {
    await Promise.all(thaws);
    const all = await Promise.all(known.map(judgeJob));
    return join({ ...noFindings(), wrong }, ...all);
  }

  async function judgeJob({ job, model, watcher, roamer }: Known): Promise<Findings> {
    const run = model.runs.length;
    const isOver = (event: Parameters<typeof isFinal>[0]) =>
      isFinal(event) && jobOf(event).run === run;
    await watcher.until(isOver, `the end of run ${run}`, 60);
    await roamer.until(isOver, `the end of run ${run}, for a roamer`);
    // An event too many would come with the next sweep at the latest.
    if (isLarge) await untilStored(rig.cluster, job.id, ({ isSettled }) => isSettled, 40);
    const stored = await readStoredJob(rig.cluster, job.id);
    const found = noFindings();
    found.wrong.push(...model.breaches);
    const snapshots = countSnapshots(roamer.items) + countSnapshots(watcher.seen);
    if (snapshots > 0) found.gaps.push(`${snapshots} times had to begin anew`);
    if (stored.state === "completed" && !model.isDiscarded()) {
      const { lost, foreign, wrong } = await compareRows(rig.cluster, job.dataset.id, file);
      found.lost.push(...lost.map((row) => `row ${row}`));
      found.wrong.push(...[...foreign, ...wrong].map((row) => `row ${row} isn't as it was sent`));
    }
    return join(
      found,
      judgeOrder(watcher.seen, "a watcher"),
      judgeOrder(roamer.items, "a roamer"),
      judgeRuns(watcher.events(), model, stored),
      judgeRuns(roamer.events(), model, stored),
    );
  }

  return {
    counts,
    jobs: () => known.length,
    /** How many workers met the fence. */
    fenced: () => rig.workers.filter(({ process }) => process.output().includes(fenced)).length,
    submit,
    cancel,
    retry,
    kill,
    freeze,
    freezeAtEnd,
    reconnect,
    judge,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

export type JobWorld = Awaited<ReturnType<typeof createJobWorld>>;
