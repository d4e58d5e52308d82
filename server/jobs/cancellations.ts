import type { Job, RowsAfterCancel } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetModel } from "../datasets/dataset.model.ts";
import { announceDeletion } from "../datasets/dataset-channel.ts";
import { AppError } from "../errors.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { type Connection, transact } from "../infrastructure/mongo.ts";
import type { Versions } from "../infrastructure/versions.ts";
import { invalid } from "../input.ts";
import { setStatus } from "./dataset-status.ts";
import { createDeletion, type Deleted } from "./deletion.ts";
import type { Dispatch } from "./dispatch.ts";
import { announceEnd } from "./final-event.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { isFinal, isFirstImport } from "./job.queries.ts";
import { toJob } from "./job-view.ts";
import { addProfileJob } from "./profile-requests.ts";
import type { Shares } from "./shares.ts";
import { createStops } from "./stops.ts";

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  dispatch: Dispatch;
  shares: Shares;
  publish: Publish;
  versions: Versions;
};

/** Ends jobs before they are through, and the datasets that nobody wants any more. */
export function createCancellations(deps: Deps) {
  const { connection, jobs, datasets, dispatch, shares, publish, versions } = deps;
  const stops = createStops(jobs);
  const remove = createDeletion(deps);

  /** The rows that are in stay; null when there's nothing to cancel any more. */
  async function keep(jobId: string): Promise<JobDocument | null> {
    const ended = await transact(connection, async (session) => {
      const job = await stops.endQueued({ _id: jobId, cancel: null }, "keep", session);
      if (!job) return null;
      const dataset = isFirstImport(job)
        ? await setStatus(datasets, job.dataset.id, "partial", session)
        : null;
      const profiling = dataset && (await addProfileJob(jobs, dataset, session));
      return { job, dataset, profiling, admitted: await shares.admit(job.userId, session) };
    });
    if (ended) {
      if (ended.dataset) await dispatch.changed(ended.dataset);
      await announceEnd(jobs, ended.job, dispatch.announce);
      await dispatch.admitted(ended.admitted);
      if (ended.profiling) await dispatch.queued(ended.profiling, [ended.profiling]);
      return ended.job;
    }
    const flagged = await stops.flagRunning({ _id: jobId, cancel: null }, "keep");
    if (flagged) await dispatch.hintCancel(jobId);
    return flagged;
  }

  /** The dataset goes with its rows, as by a deletion, if this cancel is the first. */
  async function discard({ _id, userId, dataset }: JobDocument): Promise<JobDocument | null> {
    const deleted = await transact(connection, async (session) => {
      const isFirst = await stops.isOpen(_id, session);
      return isFirst ? remove(userId, dataset.id, session) : null;
    });
    if (deleted) await announce(deleted);
    const stopped = deleted && [...deleted.ended, ...deleted.flagged];
    return stopped?.find((job) => job._id === _id) ?? null;
  }

  async function announce({ dataset, ended, flagged, purge, admitted }: Deleted): Promise<void> {
    await versions.changed(dataset);
    for (const job of ended) await announceEnd(jobs, job, dispatch.announce);
    for (const job of flagged) await dispatch.hintCancel(job._id);
    await announceDeletion(publish, dataset);
    await dispatch.queued(purge, admitted);
  }

  return {
    /** Asks for the end of a job, and what becomes of the rows that are in: the first cancel's word counts. */
    async cancel(
      principal: Principal,
      jobId: string,
      rows: RowsAfterCancel = "keep",
    ): Promise<Job> {
      const job = await jobs.findOne({ _id: jobId, userId: principal.userId }).lean<JobDocument>();
      if (!job) throw new AppError("not_found");
      if (job.kind === "purge") throw new AppError("conflict", "A deletion can't be cancelled.");
      if (!isFirstImport(job) && rows === "discard") {
        throw invalid([{ path: "rows", message: "only an import has rows to discard" }]);
      }
      if (isFinal(job) && !isRepeated(job, rows)) {
        throw new AppError("conflict", `The job is ${job.state} already.`);
      }
      if (isFinal(job) || job.cancel) return toJob(job);
      const cancelled = rows === "keep" ? await keep(jobId) : await discard(job);
      return cancelled ? toJob(cancelled) : this.cancel(principal, jobId, rows);
    },

    /** Deletes a dataset: gone for everybody at once, its rows by a purge job. */
    async deleteDataset({ userId }: Principal, datasetId: string): Promise<Job> {
      const deleted = await transact(connection, (session) => remove(userId, datasetId, session));
      await announce(deleted);
      return toJob(deleted.purge);
    },
  };
}

/** Whether a cancel asks again for what has happened; rows that were kept aren't discarded later. */
const isRepeated = ({ state, cancel }: JobDocument, rows: RowsAfterCancel): boolean =>
  state === "cancelled" && (rows === "keep" || cancel === "discard");
