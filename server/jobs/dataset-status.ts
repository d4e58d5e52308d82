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
