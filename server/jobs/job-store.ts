import type { ClientSession } from "mongodb";
import type { JobErrorCode, JobResult, JobState, Progress } from "../../protocol/jobs.ts";
import type { Profile } from "../../protocol/profiles.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import type { Plan } from "../datasets/parsing/seam.ts";
import type { Profiles } from "../datasets/profiles.ts";
import type { RepairBatch } from "../datasets/repairing/seam.ts";
import type { Rows, RowsIds } from "../datasets/rows.ts";
import { type Connection, transact } from "../infrastructure/mongo.ts";
import type { Versions } from "../infrastructure/versions.ts";
import { FenceLost } from "./failures.ts";
import type { Checkpoint, JobDocument, JobModel } from "./job.model.ts";
import { isFirstImport } from "./job.queries.ts";
import { ticketOf } from "./job-view.ts";
import { addProfileJob } from "./profile-requests.ts";
import { createRepairStore } from "./repair-store.ts";
import type { Shares } from "./shares.ts";

export type Outcome =
  | { state: "completed"; result: JobResult | null }
  | { state: "failed"; error: { code: JobErrorCode; message: string } }
  | { state: "cancelled" };

const after = { returnDocument: "after" } as const;
const statusAfter = { completed: "ready", failed: "failed", cancelled: "partial" } as const;

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  profiles: Profiles;
  rows: Rows;
  shares: Shares;
  versions: Versions;
};

/** What an attempt writes. Each write holds only while its fence is the newest; else FenceLost. */
export function createJobStore(deps: Deps) {
  const { connection, jobs, datasets, profiles, rows, shares, versions } = deps;
  const repairs = createRepairStore({ ...deps, save });

  /** Takes a job for a new attempt; null when there's nothing left to do. */
  async function claim(jobId: string) {
    const before = await jobs
      .findOneAndUpdate(
        { _id: jobId, isAdmitted: true, state: { $in: ["queued", "running"] } },
        { $inc: { fence: 1, attempt: 1, idleAttempts: 1 }, $set: { state: "running" } },
        { returnDocument: "before" },
      )
      .lean<JobDocument>();
    if (!before) return null;
    const job = await jobs
      .findOneAndUpdate(
        { _id: jobId, fence: before.fence + 1 },
        { $set: { startedAt: before.startedAt ?? new Date() } },
        after,
      )
      .lean<JobDocument>();
    return job && { job, wasRunning: before.state === "running" };
  }

  async function save(job: JobDocument, set: object, session: ClientSession | null = null) {
    const saved = await jobs
      .findOneAndUpdate(
        { _id: job._id, fence: job.fence, state: "running" },
        { $set: set },
        { ...after, session },
      )
      .lean<JobDocument>();
    if (!saved) throw new FenceLost();
    return saved;
  }

  async function change(job: JobDocument, set: object, session: ClientSession) {
    const changed = await datasets
      .findOneAndUpdate(
        { _id: job.dataset.id },
        { $set: { ...set, updatedAt: new Date() }, $inc: { version: 1 } },
        { ...after, session },
      )
      .lean<DatasetDocument>();
    if (!changed) throw new FenceLost();
    return changed;
  }

  /** What is cached of the dataset is out of date before anybody is told of the change. */
  async function changing<T extends { dataset: DatasetDocument | null }>(
    write: (session: ClientSession) => Promise<T>,
  ): Promise<T> {
    const saved = await transact(connection, write);
    if (saved.dataset) await versions.changed(saved.dataset);
    return saved;
  }

  /** What the scan found: columns become visible together with the plan. */
  const savePlan = (job: JobDocument, plan: Plan, rowsIds: RowsIds, progress: Progress) =>
    changing(async (session) => ({
      job: await save(job, { plan, rowsIds, progress }, session),
      dataset: await change(job, describe(plan), session),
    }));

  /** Rows count from here on: the checkpoint and the dataset's counters change together. */
  const saveCheckpoint = (job: JobDocument, checkpoint: Checkpoint, progress: Progress) =>
    changing(async (session) => {
      const saved = await save(job, { checkpoint, progress, idleAttempts: 0 }, session);
      const { repaired = 0 } = (await find(job, session)) ?? {};
      const rows = checkpoint.imported + repaired;
      const counts = { rows, rejected: checkpoint.rejected - repaired };
      return { job: saved, dataset: await change(job, counts, session) };
    });

  const find = (job: JobDocument, session: ClientSession) =>
    datasets.findById(job.dataset.id).session(session).lean<DatasetDocument>();

  const saveProfile = (job: JobDocument, profile: Profile, progress: Progress) =>
    transact(connection, async (session) => ({
      job: await save(job, { progress }, session),
      isKept: await profiles.replace(job.dataset.id, profile, session),
    }));

  /** The one final state of a run: what lies beyond the checkpoint goes, its share is passed on. */
  const finish = (job: JobDocument, outcome: Outcome, progress: Progress) =>
    changing(async (session) => {
      const ended = await save(
        job,
        { ...outcome, progress, finishedAt: new Date(), isAdmitted: false, isSettled: false },
        session,
      );
      const dataset = job.kind === "import" ? await close(ended, outcome, session) : null;
      const profiling = dataset && (await addProfileJob(jobs, dataset, session));
      // Last, since everything else about this user's jobs waits from here on.
      return { job: ended, dataset, profiling, admitted: await shares.admit(job.userId, session) };
    });

  async function close(job: JobDocument, { state }: Outcome, session: ClientSession) {
    // A repair leaves a dataset as it was, and to be told of.
    if (job.isRepair) return find(job, session);
    if (state !== "completed") await cutBeyondCheckpoint(job, session);
    return change(job, { status: statusAfter[state] }, session);
  }

  /** Fenced by its transaction: a newer attempt can't begin between the check and the cut. */
  async function cutBeyondCheckpoint(job: JobDocument, session: ClientSession) {
    if (!job.rowsIds) return;
    await rows.cutAfter(job.dataset.id, job.checkpoint?.place.row ?? 0, session);
  }

  /** Gives the job back for another attempt; `job` says how many came to nothing. */
  const requeue = (job: JobDocument, progress: Progress) =>
    save(job, {
      state: "queued" satisfies JobState,
      ticket: ticketOf(job._id, job.fence),
      progress,
      idleAttempts: job.idleAttempts,
    });

  /** Once nobody can be writing any more: cuts again and closes the books on a run. */
  const settle = (job: JobDocument) =>
    transact(connection, async (session) => {
      const settled = await jobs.findOneAndUpdate(
        { _id: job._id, fence: job.fence, state: job.state, isSettled: false },
        { $set: { isSettled: true } },
        { session },
      );
      const isPartial = isFirstImport(job) && job.state !== "completed";
      if (settled && isPartial) await cutBeyondCheckpoint(job, session);
    });

  /** Rows of a repair are in, or not, together with the checkpoint and the counters that say so. */
  const saveRepair = (job: JobDocument, batch: RepairBatch, progress: Partial<Progress>) =>
    changing((session) => repairs.commit(job, batch, progress, session));

  return {
    claim,
    save,
    savePlan,
    saveCheckpoint,
    saveRepair,
    saveProfile,
    finish,
    requeue,
    settle,
  };
}

export type JobStore = ReturnType<typeof createJobStore>;

const describe = ({ columns, delimiter }: Plan) => ({ columns, ...(delimiter && { delimiter }) });
