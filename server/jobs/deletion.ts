import type { ClientSession } from "mongodb";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { AppError } from "../errors.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { newJob } from "./job-view.ts";
import type { Shares } from "./shares.ts";
import { createStops } from "./stops.ts";

export type Deleted = {
  dataset: DatasetDocument;
  /** its import, when that was waiting, or running and told to stop */
  ended: JobDocument | null;
  flagged: JobDocument | null;
  purge: JobDocument;
  /** jobs of the user that go on the queue now */
  admitted: JobDocument[];
};

type Deps = { jobs: JobModel; datasets: DatasetModel; shares: Shares };

/** Deletes a dataset as part of a transaction; throws `not_found` for whatever isn't the user's. */
export function createDeletion({ jobs, datasets, shares }: Deps) {
  const stops = createStops(jobs);

  return async (userId: string, datasetId: string, session: ClientSession): Promise<Deleted> => {
    const dataset = await datasets
      .findOneAndUpdate(
        { _id: datasetId, userId, deletedAt: null },
        { $set: { deletedAt: new Date() }, $inc: { version: 1 } },
        { returnDocument: "after", session },
      )
      .lean<DatasetDocument>();
    if (!dataset) throw new AppError("not_found");
    const itsImport = { "dataset.id": datasetId, kind: "import" };
    const ended = await stops.endQueued(itsImport, "discard", session);
    const flagged = await stops.flagRunning(itsImport, "discard", session);
    const named = { id: datasetId, name: dataset.name };
    const purge = newJob({ userId, kind: "purge", dataset: named, source: null });
    await jobs.create([purge], { session });
    const admitted = await shares.admit(userId, session);
    return { dataset, ended, flagged, purge, admitted };
  };
}
