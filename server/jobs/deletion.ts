import type { ClientSession } from "mongodb";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { AppError } from "../errors.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { newJob } from "./job-view.ts";
import type { Shares } from "./shares.ts";
import { createStops } from "./stops.ts";

export type Deleted = {
  dataset: DatasetDocument;
  /** its imports and exports that were waiting, or are running and told to stop */
  ended: JobDocument[];
  flagged: JobDocument[];
  purge: JobDocument;
  /** jobs of the user that go on the queue now */
  admitted: JobDocument[];
};

type Deps = { jobs: JobModel; datasets: DatasetModel; shares: Shares };

/** Deletes a dataset as part of a transaction; throws `not_found` for whatever isn't the user's. */
export function createDeletion({ jobs, datasets, shares }: Deps) {
  const stops = createStops(jobs);

  async function stopImports(datasetId: string, session: ClientSession) {
    const its = { "dataset.id": datasetId, kind: "import" };
    const running = { ...its, cancel: { $ne: "discard" } };
    return {
      ended: await all(() => stops.endQueued(its, "discard", session)),
      flagged: await all(() => stops.flagRunning(running, "discard", session)),
    };
  }

  async function stopExports(datasetId: string, session: ClientSession) {
    const its = { "dataset.id": datasetId, kind: "export", cancel: null };
    return {
      ended: await all(() => stops.endQueued(its, "keep", session)),
      flagged: await all(() => stops.flagRunning(its, "keep", session)),
    };
  }

  return async (userId: string, datasetId: string, session: ClientSession): Promise<Deleted> => {
    const dataset = await datasets
      .findOneAndUpdate(
        { _id: datasetId, userId, deletedAt: null },
        { $set: { deletedAt: new Date() }, $inc: { version: 1 } },
        { returnDocument: "after", session },
      )
      .lean<DatasetDocument>();
    if (!dataset) throw new AppError("not_found");
    const imports = await stopImports(datasetId, session);
    const exports = await stopExports(datasetId, session);
    const named = { id: datasetId, name: dataset.name };
    const purge = newJob({ userId, kind: "purge", dataset: named, source: null });
    await jobs.create([purge], { session });
    const admitted = await shares.admit(userId, session);
    const ended = [...imports.ended, ...exports.ended];
    const flagged = [...imports.flagged, ...exports.flagged];
    return { dataset, ended, flagged, purge, admitted };
  };
}

/** One after the other, as a transaction has it. */
async function all(stop: () => Promise<JobDocument | null>): Promise<JobDocument[]> {
  const stopped: JobDocument[] = [];
  for (let job = await stop(); job; job = await stop()) stopped.push(job);
  return stopped;
}
