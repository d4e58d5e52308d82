import type { DatasetDocument } from "../datasets/dataset.model.ts";
import { announceChange } from "../datasets/dataset-channel.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { within } from "../infrastructure/deadline.ts";
import type { Versions } from "../infrastructure/versions.ts";
import type { JobDocument } from "./job.model.ts";
import { announceState, eventTypeOf } from "./job-view.ts";
import type { JobQueue } from "./queue.ts";

type Deps = {
  queue: JobQueue;
  publish: Publish;
  versions: Versions;
  hintCancel: (jobId: string) => Promise<void>;
};

/** MongoDB has decided by then: a caller doesn't wait longer than this for Redis to hear of it, which it may do later. */
const longestWaitMs = 500;

/** Tells Redis what MongoDB has decided; what it doesn't hear the sweeper makes up for. */
export function createDispatch({ queue, publish, versions, hintCancel }: Deps) {
  const announce = (job: JobDocument) => announceState(publish, job, eventTypeOf(job.state));
  const issueAll = (jobs: JobDocument[]) => Promise.all(jobs.map((job) => queue.issue(job)));

  return {
    /** False when nobody knows yet whether the event is out. */
    announce: async (job: JobDocument) => (await waitBriefly(announce(job))) === true,
    changed: (dataset: DatasetDocument) =>
      waitBriefly(versions.changed(dataset).then(() => announceChange(publish, dataset, false))),
    hintCancel: (jobId: string) => waitBriefly(hintCancel(jobId)),
    /** The event goes first, so that nobody hears of a start before the submission. */
    queued: (job: JobDocument, admitted: JobDocument[]) =>
      waitBriefly(announce(job).then(() => issueAll(admitted))),
    admitted: (jobs: JobDocument[]) => waitBriefly(issueAll(jobs)),
  };
}

export type Dispatch = ReturnType<typeof createDispatch>;

const waitBriefly = (work: Promise<unknown>): Promise<unknown> =>
  within(longestWaitMs, work).catch(() => {});
