import type { JobDocument, JobModel } from "./job.model.ts";

/** Tells of the end of a run, and notes that it is told, so that the sweeper doesn't tell again. */
export async function announceEnd(
  jobs: JobModel,
  job: JobDocument,
  announce: (job: JobDocument) => Promise<boolean>,
): Promise<void> {
  if (!(await announce(job))) return;
  // Without the note the event is sent again, under the same id: mostly nobody hears it twice.
  await jobs
    .updateOne({ _id: job._id, fence: job.fence }, { $set: { isAnnounced: true } })
    .catch(() => {});
}
