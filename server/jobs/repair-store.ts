import type { ClientSession } from "mongodb";
import type { Progress } from "../../protocol/jobs.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { addTallies, noTally, placeRows, type Tally } from "../datasets/repairing/place-rows.ts";
import type { RepairBatch } from "../datasets/repairing/seam.ts";
import { type Rows, RowsGone } from "../datasets/rows.ts";
import { holdDataset } from "./dataset-status.ts";
import type { Checkpoint, JobDocument } from "./job.model.ts";
import { advance } from "./progress.ts";

type Deps = {
  datasets: DatasetModel;
  rows: Rows;
  save: (job: JobDocument, set: object, session: ClientSession) => Promise<JobDocument>;
};

/** How a repair's rows get in: each batch with everything that tells of it, in one transaction. */
export function createRepairStore({ datasets, rows, save }: Deps) {
  async function count(dataset: DatasetDocument, placed: number, session: ClientSession) {
    const $inc = { rows: placed, rejected: -placed, repaired: placed, version: 1 };
    const counted = await datasets
      .findOneAndUpdate(
        { _id: dataset._id },
        { $inc, $set: { updatedAt: new Date() } },
        { returnDocument: "after", session },
      )
      .lean<DatasetDocument>();
    return counted ?? dataset;
  }

  return {
    async commit(
      job: JobDocument,
      { rows: given, end }: RepairBatch,
      progress: Partial<Progress>,
      session: ClientSession,
    ) {
      const dataset = await holdDataset(datasets, job.dataset.id, session);
      if (!dataset) throw new RowsGone("the dataset is deleted");
      const { tally, placed, isChanged } = await placeRows(rows, dataset, given, session);
      const checkpoint = toCheckpoint(end, addTallies(tallyOf(job), tally));
      const { imported, rejected } = checkpoint;
      const next = advance(job.progress, {
        ...progress,
        rowsRead: imported + rejected,
        rowsImported: imported,
        rowsRejected: rejected,
      });
      return {
        job: await save(job, { checkpoint, progress: next, idleAttempts: 0 }, session),
        dataset: isChanged ? await count(dataset, placed, session) : dataset,
        isChanged,
      };
    },
  };
}

const tallyOf = ({ checkpoint }: JobDocument): Tally =>
  checkpoint ? { ...noTally, ...checkpoint.repair, ...pickCounts(checkpoint) } : noTally;

const pickCounts = ({ imported, rejected }: Checkpoint) => ({ imported, rejected });

const toCheckpoint = (place: Checkpoint["place"], tally: Tally): Checkpoint => {
  const { imported, rejected, ...repair } = tally;
  return { place, imported, rejected, repair };
};
