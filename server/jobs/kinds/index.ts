import type { DatasetDocument, DatasetModel } from "../../datasets/dataset.model.ts";
import { createRowIndexes } from "../../datasets/row-indexes.ts";
import type { Rows } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Attempt } from "../attempt.ts";
import type { StopReason } from "../failures.ts";
import type { JobDocument } from "../job.model.ts";
import type { Outcome } from "../job-store.ts";
import { unlessStopped } from "./unless-stopped.ts";

type Deps = { datasets: DatasetModel; rows: Rows };

/** Builds the index of a column, and removes those that the dataset no longer lists. */
export function createIndexKind({ datasets, rows }: Deps) {
  const indexes = createRowIndexes(rows);
  /** The dataset as long as it wants this index of this job. */
  const wanted = ({ _id: jobId, columnKey, dataset }: JobDocument) => ({
    _id: dataset.id,
    deletedAt: null,
    indexes: { $elemMatch: { key: columnKey, jobId } },
  });

  async function build(attempt: Attempt, key: string): Promise<void> {
    const { signal } = attempt;
    const { id } = attempt.job().dataset;
    try {
      await unlessStopped(
        insist(() => indexes.create(id, key), signal),
        signal,
      );
    } catch (err) {
      if (signal.reason === ("cancel" satisfies StopReason)) await indexes.drop(id, key);
      throw err;
    }
  }

  /** Those that stand there are looked up first: what is listed later isn't among them. */
  async function removeUnlisted(datasetId: string): Promise<void> {
    const present = await indexes.list(datasetId);
    const doc = await datasets.findById(datasetId).lean<DatasetDocument>();
    const listed = new Set(doc?.indexes?.map(({ key }) => key));
    for (const key of present) if (!listed.has(key)) await indexes.drop(datasetId, key);
  }

  /** Building an index makes a collection that is gone anew. */
  async function dropIfDeleted(datasetId: string): Promise<boolean> {
    if (await datasets.exists({ _id: datasetId, deletedAt: null })) return false;
    await rows.drop(datasetId);
    return true;
  }

  return async (attempt: Attempt): Promise<Outcome> => {
    const job = attempt.job();
    const { dataset, columnKey } = job;
    if (columnKey === null) throw new TypeError("an index job without a column");
    if (!(await datasets.exists(wanted(job)))) return { state: "cancelled" };
    await attempt.saveProgress({ phase: "index" });
    try {
      await build(attempt, columnKey);
    } catch (err) {
      // A purge ends the building, too.
      if (await dropIfDeleted(dataset.id)) return { state: "cancelled" };
      throw err;
    }
    const ready = { $set: { "indexes.$.isReady": true } };
    const { matchedCount } = await datasets.updateOne(wanted(job), ready);
    if (await dropIfDeleted(dataset.id)) return { state: "cancelled" };
    await removeUnlisted(dataset.id);
    return matchedCount === 1 ? { state: "completed", result: null } : { state: "cancelled" };
  };
}
