import type { DatasetModel } from "../../datasets/dataset.model.ts";
import type { Profiles } from "../../datasets/profiles.ts";
import type { Rows } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Storage } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import type { FileRemoval } from "../file-removal.ts";
import type { JobDocument, JobModel } from "../job.model.ts";
import type { Outcome } from "../job-store.ts";

type Deps = {
  jobs: JobModel;
  datasets: DatasetModel;
  profiles: Profiles;
  rows: Rows;
  storage: Storage;
  fileRemoval: FileRemoval;
};

/** Removes the rows and the profile of a deleted dataset, its files, and those that were exported of it. */
export function createPurgeKind(deps: Deps) {
  const { jobs, datasets, profiles, rows, storage, fileRemoval } = deps;

  async function purge(datasetId: string): Promise<void> {
    await rows.drop(datasetId);
    await profiles.remove(datasetId);
    const doc = await datasets.findById(datasetId).lean();
    if (doc) await storage.remove(doc.sourceId);
    const repairs = jobs.find({ "dataset.id": datasetId, isRepair: true }).lean<JobDocument[]>();
    for (const { source } of await repairs) if (source) await storage.remove(source.id);
    await fileRemoval.ofDataset(datasetId);
  }

  return async (attempt: Attempt): Promise<Outcome> => {
    await insist(() => purge(attempt.job().dataset.id), attempt.signal);
    return { state: "completed", result: null };
  };
}
