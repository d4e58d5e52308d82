import type { DatasetModel } from "../../datasets/dataset.model.ts";
import type { Rows } from "../../datasets/rows.ts";
import type { Storage } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import type { Outcome } from "../job-store.ts";

type Deps = { datasets: DatasetModel; rows: Rows; storage: Storage };

/** Removes the rows and the file of a deleted dataset. */
export function createPurgeKind({ datasets, rows, storage }: Deps) {
  return async (attempt: Attempt): Promise<Outcome> => {
    const { dataset } = attempt.job();
    await rows.drop(dataset.id);
    const doc = await datasets.findById(dataset.id).lean();
    if (doc) await storage.remove(doc.sourceId);
    return { state: "completed", result: null };
  };
}
