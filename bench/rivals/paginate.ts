import { type Connection, type PaginateModel, Schema } from "mongoose";
import paginate from "mongoose-paginate-v2";
import type { RecordDocument } from "../../server/datasets/parsing/seam.ts";

/** Reads pages of a dataset's rows by number, as mongoose-paginate-v2 does at its cheapest. */
export function createPaginated(connection: Connection, datasetId: string) {
  const schema = new Schema<RecordDocument>(
    { _id: Number, c: Schema.Types.Mixed, t: Schema.Types.Mixed },
    { collection: `records_${datasetId}`, autoCreate: false, autoIndex: false },
  );
  schema.plugin(paginate);
  const rows = connection.model<RecordDocument, PaginateModel<RecordDocument>>("Row", schema);

  return async (
    page: number,
    limit: number,
    sort: Record<string, 1> = { _id: 1 },
  ): Promise<RecordDocument[]> => {
    const options = { page, limit, sort, lean: true, leanWithId: false };
    const { docs } = await rows.paginate({}, { ...options, useEstimatedCount: true });
    return docs as unknown as RecordDocument[];
  };
}
