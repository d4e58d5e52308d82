import type { ClientSession } from "mongodb";
import type { Job, JobKind, JobState } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { AppError } from "../errors.ts";
import type { Publish } from "../infrastructure/channel.ts";
import type { Cursors } from "../infrastructure/cursor.ts";
import { readKeyset } from "../infrastructure/keyset.ts";
import { type Connection, transact } from "../infrastructure/mongo.ts";
import type { Versions } from "../infrastructure/versions.ts";
import { createCancellations } from "./cancellations.ts";
import { holdDataset, setStatus } from "./dataset-status.ts";
import type { Dispatch } from "./dispatch.ts";
import { fileLifetimeMs } from "./file-links.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { createJobQueries, isFirstImport, isUnasked } from "./job.queries.ts";
import { ticketOf, toJob } from "./job-view.ts";
import type { Quota } from "./quota.ts";
import type { Shares } from "./shares.ts";

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
  versions: Versions;
  quota: Quota;
  shares: Shares;
};

export function createJobs(deps: Deps) {
  const { connection, jobs, datasets, cursors, dispatch, quota, shares } = deps;
  const queries = createJobQueries(jobs);

  async function require(principal: Principal, jobId: string): Promise<JobDocument> {
    const job = await jobs.findOne({ _id: jobId, userId: principal.userId }).lean<JobDocument>();
    if (!job) throw new AppError("not_found");
    return job;
  }

  async function reopen(datasetId: string, session: ClientSession): Promise<DatasetDocument> {
    const dataset = await setStatus(datasets, datasetId, "importing", session);
    if (!dataset) throw datasetGone();
    return dataset;
  }

  async function requireDataset(_id: string, session: ClientSession): Promise<void> {
    if (!(await datasets.exists({ _id, deletedAt: null }).session(session))) throw datasetGone();
  }

  return {
    ...createCancellations(deps),

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

    /** Begins a new run of a failed or cancelled job, from its checkpoint. */
    async retry(principal: Principal, jobId: string): Promise<Job> {
      const job = await require(principal, jobId);
      const isOver = job.state === "failed" || job.state === "cancelled";
      if (!isOver) throw nothingToRetry(job);
      // Another job may build the same index by now.
      if (job.kind === "index") {
        throw new AppError("conflict", "Asking for the rows again begins a new job.");
      }
      if (job.kind === "export" && isExpired(job)) {
        throw new AppError("conflict", "Too long ago: export the rows again.");
      }
      const reopened = await transact(connection, async (session) => {
        if (!isUnasked(job.kind)) await quota.take(principal.userId, session);
        const next = await jobs
          .findOneAndUpdate(
            { _id: jobId, fence: job.fence, state: { $in: ["failed", "cancelled"] } },
            { $set: newRun(job), $inc: { fence: 1, run: 1 } },
            { ...after, session },
          )
          .lean<JobDocument>();
        if (!next) return null;
        if (isOfRows(next)) await requireDataset(next.dataset.id, session);
        const dataset = isFirstImport(next) && (await reopen(next.dataset.id, session));
        if (next.isRepair && !(await holdDataset(datasets, next.dataset.id, session))) {
          throw datasetGone();
        }
        const admitted = await shares.admit(principal.userId, session);
        return { next, dataset, admitted: isUnasked(next.kind) ? [...admitted, next] : admitted };
      });
      if (!reopened) throw nothingToRetry(job);
      if (reopened.dataset) await dispatch.changed(reopened.dataset);
      await dispatch.queued(reopened.next, reopened.admitted);
      return toJob(reopened.next);
    },
  };
}

export type Jobs = ReturnType<typeof createJobs>;

const datasetGone = () => new AppError("conflict", "The dataset of this job is deleted.");

const isOfRows = ({ kind }: JobDocument): boolean => kind === "export" || kind === "profile";

/** What it had written is gone, or is going. */
const isExpired = ({ finishedAt }: JobDocument): boolean =>
  Date.now() - (finishedAt?.getTime() ?? Date.now()) > fileLifetimeMs;

const nothingToRetry = ({ state }: JobDocument): AppError =>
  new AppError("conflict", `The job is ${state}: there is nothing to retry.`);

function newRun(job: JobDocument) {
  return {
    state: "queued",
    attempt: 0,
    idleAttempts: 0,
    isAdmitted: isUnasked(job.kind),
    ticket: ticketOf(job._id, job.fence + 1),
    cancel: null,
    result: null,
    error: null,
    startedAt: null,
    finishedAt: null,
    isAnnounced: false,
    isSettled: false,
    "progress.phase": "waiting",
  };
}
