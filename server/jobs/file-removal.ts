import type { Storage } from "../infrastructure/storage.ts";
import { fileLifetimeMs } from "./file-links.ts";
import type { JobModel } from "./job.model.ts";

/** Clocks differ: nothing goes that some node still gives out. */
const graceMs = 60_000;

type Deps = { jobs: JobModel; storage: Storage };

/** Removes exported files, and what exports that failed or were cancelled had written. */
export function createFileRemoval({ jobs, storage }: Deps) {
  async function removeAll(condition: object): Promise<void> {
    const found = await jobs.find({ ...condition, hasFile: true }, { _id: 1 }).lean();
    for (const { _id } of found) {
      await storage.remove(_id);
      // Whoever is at it yet may write more; that goes when it has ended.
      const ended = { _id, finishedAt: { $ne: null } };
      await jobs.updateOne(ended, { $set: { hasFile: false, exported: null } });
    }
  }

  return {
    ofDataset: (datasetId: string) => removeAll({ "dataset.id": datasetId, kind: "export" }),

    expired: () =>
      removeAll({ finishedAt: { $lt: new Date(Date.now() - fileLifetimeMs - graceMs) } }),
  };
}

export type FileRemoval = ReturnType<typeof createFileRemoval>;
