import { AppError } from "../errors.ts";
import type { Session } from "../infrastructure/mongo.ts";
import type { DatasetDocument, DatasetModel } from "./dataset.model.ts";

/** A dataset of a user; `not_found` for somebody else's, like for one that isn't there or is deleted. */
export async function requireOwn(
  datasets: DatasetModel,
  userId: string,
  _id: string,
  session: Session | null = null,
): Promise<DatasetDocument> {
  const own = datasets.findOne({ _id, userId, deletedAt: null }).session(session);
  const found = await own.lean<DatasetDocument>();
  if (!found) throw new AppError("not_found");
  return found;
}
