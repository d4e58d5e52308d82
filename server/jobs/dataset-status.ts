import type { ClientSession } from "mongodb";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";

/** What became of a dataset, as part of a transaction; null where it is deleted. */
export const setStatus = (
  datasets: DatasetModel,
  _id: string,
  status: DatasetDocument["status"],
  session: ClientSession,
): Promise<DatasetDocument | null> =>
  datasets
    .findOneAndUpdate(
      { _id, deletedAt: null },
      { $set: { status, updatedAt: new Date() }, $inc: { version: 1 } },
      { returnDocument: "after", session },
    )
    .lean<DatasetDocument>();

/**
 * Keeps a dataset from being deleted, or repaired, by anybody else as long as a transaction lasts: of two that
 * write to one document one begins anew. Null where it is deleted.
 */
export const holdDataset = (
  datasets: DatasetModel,
  _id: string,
  session: ClientSession,
): Promise<DatasetDocument | null> =>
  datasets
    .findOneAndUpdate(
      { _id, deletedAt: null },
      { $inc: { repairs: 1 } },
      { returnDocument: "after", session },
    )
    .lean<DatasetDocument>();
