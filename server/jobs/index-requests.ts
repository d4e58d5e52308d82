import type { RequestIndex } from "../datasets/column-indexes.ts";
import type { ColumnIndex, DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { AppError } from "../errors.ts";
import { type Connection, type Session, transact } from "../infrastructure/mongo.ts";
import { createTurns } from "../infrastructure/turns.ts";
import type { Dispatch } from "./dispatch.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { unfinishedStates } from "./job.queries.ts";
import { newJob } from "./job-view.ts";
import type { Quota } from "./quota.ts";
import type { Shares } from "./shares.ts";

/** Each index costs every write and room on the disk. */
const mostIndexes = 20;

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  dispatch: Dispatch;
  quota: Quota;
  shares: Shares;
};

type Found = { jobId: string; made: JobDocument | null; admitted: JobDocument[] };

/**
 * Begins the building of a column's index. The dataset's list of indexes decides: of requests at the same
 * time, on whatever nodes, one makes the job, the others find it.
 */
export function createIndexRequests(deps: Deps): RequestIndex {
  const { connection, jobs, datasets, dispatch, quota, shares } = deps;

  async function findOrMake(
    { _id, userId }: DatasetDocument,
    key: string,
    session: Session,
  ): Promise<Found | null> {
    const dataset = await datasets
      .findOne({ _id, deletedAt: null })
      .session(session)
      .lean<DatasetDocument>();
    if (!dataset) throw new AppError("not_found");
    const known = dataset.indexes?.find((index) => index.key === key);
    if (known?.isReady) return null;
    if (known && (await isUnderWay(known.jobId, session))) {
      return { jobId: known.jobId, made: null, admitted: [] };
    }
    await quota.take(userId, session);
    const named = { id: _id, name: dataset.name };
    const made = newJob({ userId, kind: "index", dataset: named, source: null, columnKey: key });
    const entry = { key, jobId: made._id, isReady: false, usedAt: new Date() };
    const indexes = withRoomFor(entry, dataset.indexes ?? []);
    await datasets.updateOne({ _id }, { $set: { indexes } }, { session });
    await jobs.create([made], { session });
    return { jobId: made._id, made, admitted: await shares.admit(userId, session) };
  }

  const isUnderWay = (_id: string, session: Session) =>
    jobs.exists({ _id, state: { $in: unfinishedStates } }).session(session);

  // At MongoDB they would only meet at the dataset, and all but one begin anew.
  const takeTurn = createTurns();

  return async (doc, key) => {
    const found = await takeTurn(doc._id, () =>
      transact(connection, (session) => findOrMake(doc, key, session)),
    );
    if (found?.made) await dispatch.queued(found.made, found.admitted);
    return found?.jobId ?? null;
  };
}

/** The least recently used go; the job that comes with the new one removes them from MongoDB. */
function withRoomFor(entry: ColumnIndex, known: ColumnIndex[]): ColumnIndex[] {
  const others = known
    .filter(({ key }) => key !== entry.key)
    .toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime());
  return [entry, ...others.slice(0, mostIndexes - 1)];
}
