import { AppError } from "../errors.ts";
import type { DatasetDocument, DatasetModel } from "./dataset.model.ts";

const badValue = 2;
const retryAfterSeconds = 2;
const touchEveryMs = 60_000;

/** Answers the id of the job that builds a column's index, a new one or one under way; null if it is there. */
export type RequestIndex = (doc: DatasetDocument, key: string) => Promise<string | null>;

/** What queries of large datasets stand on: a column's index, built when it is first asked for. */
export function createColumnIndexes(model: DatasetModel, requestIndex: RequestIndex) {
  const entryOf = (doc: DatasetDocument, key: string) =>
    doc.indexes?.find((index) => index.key === key);

  /** Throws `index_building` unless all these columns have their index; all that lack one get it. */
  async function require(doc: DatasetDocument, keys: string[]): Promise<void> {
    const jobIds: string[] = [];
    for (const key of keys) {
      const entry = entryOf(doc, key);
      const jobId = entry?.isReady ? null : await requestIndex(doc, key);
      if (jobId !== null) jobIds.push(jobId);
      else if (entry && Date.now() - entry.usedAt.getTime() > touchEveryMs) touch(doc._id, key);
    }
    const [jobId] = jobIds;
    if (jobId !== undefined) throw building(jobId);
  }

  /** Which one goes when there are too many is decided by when each was used; a lost word of it costs little. */
  function touch(datasetId: string, key: string): void {
    model
      .updateOne(
        { _id: datasetId, "indexes.key": key },
        { $set: { "indexes.$.usedAt": new Date() } },
      )
      .catch(() => {});
  }

  /** Asks by the index of a column; one that went since the dataset was read is built anew. */
  async function askBy<T>(
    doc: DatasetDocument,
    key: string | null,
    ask: () => Promise<T>,
  ): Promise<T> {
    try {
      return await ask();
    } catch (err) {
      // What the server says of a `hint` that names no index.
      if (key === null || !(err instanceof Error && "code" in err && err.code === badValue))
        throw err;
      const isReady = { _id: doc._id, indexes: { $elemMatch: { key, isReady: true } } };
      await model.updateOne(isReady, { $set: { "indexes.$.isReady": false } });
      const jobId = await requestIndex(doc, key);
      throw jobId === null ? err : building(jobId);
    }
  }

  return { require, askBy };
}

export type ColumnIndexes = ReturnType<typeof createColumnIndexes>;

const building = (jobId: string) =>
  new AppError("index_building", "The column's index is being built for this first question.", {
    retryAfter: retryAfterSeconds,
    jobId,
  });
