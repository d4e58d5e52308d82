import type { DatasetDocument } from "../datasets/dataset.model.ts";
import type { Session } from "../infrastructure/mongo.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { newJob } from "./job-view.ts";

/**
 * Makes the job that profiles a dataset, as part of the transaction that ends an import of it: whoever
 * sees the end finds it. Null where there is nothing to profile. Several may wait for one dataset: the
 * first that runs makes the newest profile, the others find it.
 */
export async function addProfileJob(
  jobs: JobModel,
  { _id, userId, name, status, rows, deletedAt }: DatasetDocument,
  session: Session,
): Promise<JobDocument | null> {
  if (deletedAt || (status !== "ready" && rows === 0)) return null;
  const job = newJob({ userId, kind: "profile", dataset: { id: _id, name }, source: null });
  await jobs.create([job], { session });
  return job;
}
