import type { Job } from "../../../protocol/jobs.ts";
import type { JobDocument } from "../../../server/jobs/job.model.ts";
import { toJob } from "../../../server/jobs/job-view.ts";
import type { Cluster } from "../../support/cluster.ts";

/** The whole job as MongoDB holds it for good. */
export async function readJob(cluster: Cluster, id: string): Promise<JobDocument> {
  const jobs = cluster.mongo.collection<JobDocument>("jobs");
  const found = await jobs.findOne({ _id: id }, { readConcern: "majority" });
  if (!found) throw new Error("there is no such job");
  return found;
}

/** The same as its owner would see it. */
export const readStoredJob = async (cluster: Cluster, id: string): Promise<Job> =>
  toJob(await readJob(cluster, id));
