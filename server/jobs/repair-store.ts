import type { ClientSession } from "mongodb";
import type { Progress } from "../../protocol/jobs.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { addTallies, noTally, placeRows, type Tally } from "../datasets/repairing/place-rows.ts";
import type { RepairBatch } from "../datasets/repairing/seam.ts";
import { type Rows, RowsGone } from "../datasets/rows.ts";
import { isStoreAway } from "../errors.ts";
import { type Connection, killSession } from "../infrastructure/mongo.ts";
import { holdDataset } from "./dataset-status.ts";
import type { Checkpoint, JobDocument, JobModel } from "./job.model.ts";
import { advance } from "./progress.ts";

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  rows: Rows;
  save: (job: JobDocument, set: object, session?: ClientSession) => Promise<JobDocument>;
};

/** How a repair's rows get in: each batch with everything that tells of it, in one transaction. */
export function createRepairStore({ connection, jobs, datasets, rows, save }: Deps) {
  /** Frees what an attempt that is no more has locked, the job itself perhaps. */
  async function freeLocks(jobId: string): Promise<void> {
    const left = await jobs
      .findOne({ _id: jobId, sessionId: { $exists: true } })
      .lean<JobDocument>();
    if (left?.sessionId) await killSession(connection, left.sessionId).catch(unlessAway);
  }

  /** The session of an attempt. It is never ended, so that the driver doesn't lend it to others, who'd be hit, too. */
  async function openSession(job: JobDocument): Promise<ClientSession> {
    const session = await connection.startSession();
    await save(job, { sessionId: session.id });
    return session;
  }

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
    freeLocks,
    openSession,

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

/** Where killing isn't allowed MongoDB gives it up by itself, only later. */
function unlessAway(err: unknown): void {
  if (isStoreAway(err)) throw err;
}

const tallyOf = ({ checkpoint }: JobDocument): Tally =>
  checkpoint ? { ...noTally, ...checkpoint.repair, ...pickCounts(checkpoint) } : noTally;

const pickCounts = ({ imported, rejected }: Checkpoint) => ({ imported, rejected });

const toCheckpoint = (place: Checkpoint["place"], tally: Tally): Checkpoint => {
  const { imported, rejected, ...repair } = tally;
  return { place, imported, rejected, repair };
};
