import type { ClientSession } from "mongodb";
import type { Job, JobKind, JobState } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { announceDeletion } from "../datasets/datasets.ts";
import { AppError } from "../errors.ts";
import type { Publish } from "../infrastructure/channel.ts";
import type { Cursors } from "../infrastructure/cursor.ts";
import { readKeyset } from "../infrastructure/keyset.ts";
import { type Connection, transact } from "../infrastructure/mongo.ts";
import type { Dispatch } from "./dispatch.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { createJobQueries, isFinal } from "./job.queries.ts";
import { newJob, ticketOf, toJob } from "./job-view.ts";
import type { Quota } from "./quota.ts";

const after = { returnDocument: "after" } as const;

type ListRequest = {
  limit?: number | undefined;
  cursor?: string | undefined;
  state?: JobState | undefined;
  kind?: JobKind | undefined;
};

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  cursors: Cursors;
  dispatch: Dispatch;
  publish: Publish;
  quota: Quota;
};

export function createJobs(deps: Deps) {
  const { connection, jobs, datasets, cursors, dispatch, publish, quota } = deps;
  const queries = createJobQueries(jobs);

  async function require(principal: Principal, jobId: string): Promise<JobDocument> {
    const job = await jobs.findOne({ _id: jobId, userId: principal.userId }).lean<JobDocument>();
    if (!job) throw new AppError("not_found");
    return job;
  }

  /** A job that nobody runs yet ends at once; its fence keeps later attempts out. */
  const cancelQueued = (condition: object, session: ClientSession | null = null) =>
    jobs
      .findOneAndUpdate(
        { ...condition, state: "queued" },
        { $set: { state: "cancelled", finishedAt: new Date() }, $inc: { fence: 1 } },
        { ...after, session },
      )
      .lean<JobDocument>();

  const flagRunning = (condition: object, cancel: "keep" | "discard", session?: ClientSession) =>
    jobs
      .findOneAndUpdate(
        { ...condition, state: "running" },
        { $set: { cancel } },
        { ...after, session: session ?? null },
      )
      .lean<JobDocument>();

  /** Null where the dataset is deleted. */
  const setStatus = (_id: string, status: DatasetDocument["status"], session: ClientSession) =>
    datasets
      .findOneAndUpdate(
        { _id, deletedAt: null },
        { $set: { status, updatedAt: new Date() }, $inc: { version: 1 } },
        { ...after, session },
      )
      .lean<DatasetDocument>();

  const cancelQueuedImport = (jobId: string) =>
    transact(connection, async (session) => {
      const job = await cancelQueued({ _id: jobId }, session);
      return job && { job, dataset: await setStatus(job.dataset.id, "partial", session) };
    });

  async function reopen(datasetId: string, session: ClientSession): Promise<DatasetDocument> {
    const dataset = await setStatus(datasetId, "importing", session);
    if (!dataset) throw new AppError("conflict", "The dataset of this job is deleted.");
    return dataset;
  }

  return {
    async list(principal: Principal, request: ListRequest): Promise<Page<Job>> {
      const [page, total] = await Promise.all([
        readKeyset(cursors, queries.ofUser(principal.userId, request), request),
        queries.countOfUser(principal.userId, request),
      ]);
      return { ...page, items: page.items.map(toJob), total };
    },

    async get(principal: Principal, jobId: string): Promise<Job> {
      return toJob(await require(principal, jobId));
    },

    /** The user's jobs that haven't ended, newest first, at most 100. */
    async listUnfinished(principal: Principal): Promise<Job[]> {
      return (await queries.findUnfinished(principal.userId)).map(toJob);
    },

    /** Asks for the end of an import; rows that are in stay. The first cancel's words count. */
    async cancel(principal: Principal, jobId: string): Promise<Job> {
      const job = await require(principal, jobId);
      if (job.kind === "purge") throw new AppError("conflict", "A deletion can't be cancelled.");
      if (job.state === "cancelled") return toJob(job);
      if (isFinal(job)) throw new AppError("conflict", `The job is ${job.state} already.`);
      if (job.cancel) return toJob(job);
      const ended = await cancelQueuedImport(jobId);
      if (ended) {
        if (ended.dataset) await dispatch.changed(ended.dataset);
        await dispatch.announce(ended.job);
        return toJob(ended.job);
      }
      const flagged = await flagRunning({ _id: jobId, cancel: null }, "keep");
      await dispatch.hintCancel(jobId);
      return flagged ? toJob(flagged) : this.cancel(principal, jobId);
    },

    /** Begins a new run of a failed or cancelled job, from its checkpoint. */
    async retry(principal: Principal, jobId: string): Promise<Job> {
      const job = await require(principal, jobId);
      const isOver = job.state === "failed" || job.state === "cancelled";
      if (!isOver) throw nothingToRetry(job);
      const reopened = await transact(connection, async (session) => {
        await quota.take(principal.userId, session);
        const next = await jobs
          .findOneAndUpdate(
            { _id: jobId, fence: job.fence, state: { $in: ["failed", "cancelled"] } },
            { $set: newRun(job), $inc: { fence: 1, run: 1 } },
            { ...after, session },
          )
          .lean<JobDocument>();
        const isImport = next?.kind === "import";
        return next && { next, dataset: isImport && (await reopen(next.dataset.id, session)) };
      });
      if (!reopened) throw nothingToRetry(job);
      if (reopened.dataset) await dispatch.changed(reopened.dataset);
      await dispatch.queued(reopened.next);
      return toJob(reopened.next);
    },

    /** Deletes a dataset: gone for everybody at once, its rows by a purge job. */
    async deleteDataset(principal: Principal, datasetId: string): Promise<Job> {
      const done = await transact(connection, async (session) => {
        const mine = { _id: datasetId, userId: principal.userId, deletedAt: null };
        const dataset = await datasets
          .findOneAndUpdate(
            mine,
            { $set: { deletedAt: new Date() }, $inc: { version: 1 } },
            { ...after, session },
          )
          .lean<DatasetDocument>();
        if (!dataset) throw new AppError("not_found");
        const running = { "dataset.id": datasetId, kind: "import" };
        const ended = await cancelQueued(running, session);
        const flagged = await flagRunning(running, "discard", session);
        const { userId, _id: id, name } = dataset;
        const purge = newJob({ userId, kind: "purge", dataset: { id, name }, source: null });
        await jobs.create([purge], { session });
        return { dataset, ended, flagged, purge };
      });
      if (done.ended) await dispatch.announce(done.ended);
      if (done.flagged) await dispatch.hintCancel(done.flagged._id);
      await announceDeletion(publish, done.dataset);
      await dispatch.queued(done.purge);
      return toJob(done.purge);
    },
  };
}

export type Jobs = ReturnType<typeof createJobs>;

const nothingToRetry = ({ state }: JobDocument): AppError =>
  new AppError("conflict", `The job is ${state}: there is nothing to retry.`);

function newRun(job: JobDocument) {
  return {
    state: "queued",
    attempt: 0,
    idleAttempts: 0,
    ticket: ticketOf(job._id, job.fence + 1),
    cancel: null,
    result: null,
    error: null,
    startedAt: null,
    finishedAt: null,
    isSettled: false,
    "progress.phase": "waiting",
  };
}
