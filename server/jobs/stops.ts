import type { ClientSession } from "mongodb";
import type { RowsAfterCancel } from "../../protocol/jobs.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { unfinishedStates } from "./job.queries.ts";

const after = { returnDocument: "after" } as const;

/** What a cancel writes to a job. */
export function createStops(jobs: JobModel) {
  /** A job that nobody runs yet ends at once; its fence keeps later attempts out. */
  const endQueued = (condition: object, cancel: RowsAfterCancel, session: ClientSession) =>
    jobs
      .findOneAndUpdate(
        { ...condition, state: "queued" },
        {
          $set: { state: "cancelled", cancel, isAdmitted: false, finishedAt: new Date() },
          $inc: { fence: 1 },
        },
        { ...after, session },
      )
      .lean<JobDocument>();

  /** Asks whoever runs a job to stop. */
  const flagRunning = (condition: object, cancel: RowsAfterCancel, session?: ClientSession) =>
    jobs
      .findOneAndUpdate(
        { ...condition, state: "running" },
        { $set: { cancel } },
        { ...after, session: session ?? null },
      )
      .lean<JobDocument>();

  /** Whether a job hasn't ended and nobody has cancelled it. */
  const isOpen = (jobId: string, session: ClientSession) =>
    jobs.exists({ _id: jobId, state: { $in: unfinishedStates }, cancel: null }).session(session);

  return { endQueued, flagRunning, isOpen };
}
