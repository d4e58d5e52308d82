import type { ClientSession, Collection } from "mongodb";
import mongoose from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";
import { type Find, findRaw } from "../infrastructure/raw-find.ts";
import type { RecordDocument, RejectDocument } from "./parsing/seam.ts";
import type { InsertRaw } from "./raw-insert.ts";

const duplicateKey = 11000;
const collectionUuidMismatch = 361;

/** The collection a batch was meant for is gone: its dataset was deleted. */
export class RowsGone extends Error {}

/**
 * Rows of each dataset live in two clustered collections of their own: `_id` is the row, an insert goes
 * to the end, a page is a range scan, a purge is a drop (MongoDB manual, "Clustered Collections").
 */
export function createRows({ db }: Connection, insertRaw: InsertRaw) {
  if (!db) throw new Error("MongoDB isn't connected");
  const recordsName = (datasetId: string) => `records_${datasetId}`;
  const rejectsName = (datasetId: string) => `rejects_${datasetId}`;

  const records = (datasetId: string): Collection<RecordDocument> =>
    db.collection(recordsName(datasetId));
  const rejects = (datasetId: string): Collection<RejectDocument> =>
    db.collection(rejectsName(datasetId));

  /** Creates both collections where they are missing; the answer names them for good. */
  async function create(datasetId: string): Promise<RowsIds> {
    const names = [recordsName(datasetId), rejectsName(datasetId)];
    const clusteredIndex = { key: { _id: 1 as const }, unique: true as const };
    const [recordsId, rejectsId] = await Promise.all(
      names.map(async (name) => {
        await db?.createCollection(name, { clusteredIndex }).catch(ignoreExisting);
        return readUuid(name);
      }),
    );
    return { records: recordsId, rejects: rejectsId };
  }

  async function readUuid(name: string): Promise<unknown> {
    const [found] = (await db?.listCollections({ name }).toArray()) ?? [];
    return found && "info" in found ? found.info?.uuid : undefined;
  }

  /**
   * Writes rows; those that are there already are left alone. Names the collection by its UUID, since
   * a plain insert would create a dropped one anew; throws RowsGone when it was dropped.
   */
  async function insert(collection: string, collectionUUID: unknown, records: Uint8Array) {
    if (records.length === 0) return;
    const reply = await insertRaw({ collection, collectionUUID, records }).catch(explainMissing);
    const failed = reply.writeErrors?.find(({ code }) => code !== duplicateKey);
    if (failed?.code === collectionUuidMismatch) throw new RowsGone("rows gone");
    const refusal = failed ?? reply.writeConcernError;
    if (refusal) throw new mongoose.mongo.MongoServerError(refusal);
  }

  return {
    records,
    rejects,
    create,

    /** Records in BSON, batch by batch. */
    readRaw: (datasetId: string, find: Find, signal: AbortSignal) =>
      findRaw(db, recordsName(datasetId), find, signal),

    insert: async (datasetId: string, ids: RowsIds, batch: RowsBatch): Promise<void> => {
      await Promise.all([
        insert(recordsName(datasetId), ids.records, batch.records),
        insert(rejectsName(datasetId), ids.rejects, toBson(batch.rejects)),
      ]);
    },

    /** Deletes what lies beyond a row, as part of a transaction. */
    async cutAfter(datasetId: string, row: number, session: ClientSession): Promise<void> {
      await records(datasetId).deleteMany({ _id: { $gt: row } }, { session });
      await rejects(datasetId).deleteMany({ _id: { $gt: row } }, { session });
    },

    async drop(datasetId: string): Promise<void> {
      await db.dropCollection(recordsName(datasetId)).catch(ignoreMissing);
      await db.dropCollection(rejectsName(datasetId)).catch(ignoreMissing);
    },
  };
}

export type Rows = ReturnType<typeof createRows>;
export type RowsIds = { records: unknown; rejects: unknown };
/** `records` are in BSON, one after the other. */
export type RowsBatch = { records: Uint8Array; rejects: RejectDocument[] };

const toBson = (documents: object[]): Uint8Array =>
  Buffer.concat(documents.map((document) => mongoose.mongo.BSON.serialize(document)));

const hasCode = (err: unknown, code: number) =>
  err instanceof Error && "code" in err && err.code === code;

function explainMissing(err: unknown): never {
  throw hasCode(err, collectionUuidMismatch) ? new RowsGone("rows gone", { cause: err }) : err;
}
function ignoreExisting(err: unknown): void {
  if (!hasCode(err, 48)) throw err;
}
function ignoreMissing(err: unknown): void {
  if (!hasCode(err, 26)) throw err;
}
