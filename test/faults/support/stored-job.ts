import type { Job } from "../../../protocol/jobs.ts";
import type { JobDocument } from "../../../server/jobs/job.model.ts";
import { toJob } from "../../../server/jobs/job-view.ts";
import type { Cluster } from "../../support/cluster.ts";
import { createLookout } from "./lookout.ts";

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

/** Waits until MongoDB holds a job of which `isIt` is true; null when that isn't so after `seconds`. */
export async function untilStored(
  cluster: Cluster,
  id: string,
  isIt: (job: JobDocument) => boolean,
  seconds: number,
): Promise<JobDocument | null> {
  const changes = cluster.mongo.collection<JobDocument>("jobs").watch();
  const { tell, until } = createLookout();
  let found: JobDocument | undefined;
  const look = async () => {
    const job = await readJob(cluster, id);
    if (isIt(job)) found ??= job;
    tell();
  };
  changes.on("change", look);
  // What changes while the stream begins isn't seen by it.
  const again = setInterval(look, 1000);
  await look();
  const met = await until(() => found, "the state of a job", seconds).catch(() => null);
  clearInterval(again);
  await changes.close();
  return met;
}
