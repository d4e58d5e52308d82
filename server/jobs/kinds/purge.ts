import type { DatasetModel } from "../../datasets/dataset.model.ts";
import type { Rows } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Storage } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import type { Outcome } from "../job-store.ts";

type Deps = { datasets: DatasetModel; rows: Rows; storage: Storage };

/** Removes the rows and the file of a deleted dataset. */
export function createPurgeKind({ datasets, rows, storage }: Deps) {
  async function purge(datasetId: string): Promise<void> {
    await rows.drop(datasetId);
    const doc = await datasets.findById(datasetId).lean();
    if (doc) await storage.remove(doc.sourceId);
  }

  return async (attempt: Attempt): Promise<Outcome> => {
    await insist(() => purge(attempt.job().dataset.id), attempt.signal);
    return { state: "completed", result: null };
  };
}
