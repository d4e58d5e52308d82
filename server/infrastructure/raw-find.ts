import { type Db, type Document, Long } from "mongodb";

/** What the command `find` takes beside its collection (MongoDB manual, "Database Commands"). */
export type Find = {
  filter: Document;
  sort: Document;
  batchSize: number;
  hint?: Document;
  min?: Document;
  max?: Document;
  limit?: number;
  singleBatch?: boolean;
  allowDiskUse?: boolean;
};

type Reply = { cursor: { id: Long; firstBatch?: Uint8Array[]; nextBatch?: Uint8Array[] } };

/** A cursor is named by a long: as a number it would come back as a double, or not whole. */
const options = { fieldsAsRaw: { firstBatch: true, nextBatch: true }, promoteLongs: false };
const readConcern = { level: "majority" };

/**
 * What a query finds, in BSON, batch by batch; the next one is on its way while one is worked through. A cursor
 * of the driver, also a `raw` one, makes 2 KB of objects of each document, which go by the hundred megabytes a second.
 * Throws what the driver throws; once `signal` has fired, its reason, and the query ends in MongoDB, too.
 */
export async function* findRaw(
  db: Db,
  collection: string,
  find: Find,
  signal: AbortSignal,
): AsyncGenerator<Buffer[]> {
  const session = db.client.startSession();
  const run = async (command: Document): Promise<Reply> =>
    (await db.command(command, { ...options, session, signal })) as Reply;
  let open = Long.ZERO;
  let next = run({ find: collection, ...find, readConcern });
  try {
    for (;;) {
      const { id, firstBatch, nextBatch = firstBatch ?? [] } = (await next).cursor;
      signal.throwIfAborted();
      open = id;
      if (!id.isZero()) {
        next = run({ getMore: id, collection, batchSize: find.batchSize });
        // Whoever stops early doesn't wait for it.
        next.catch(() => {});
      }
      if (nextBatch.length > 0) yield nextBatch.map(toBuffer);
      if (id.isZero()) return;
    }
  } finally {
    end().catch(() => {});
  }

  async function end(): Promise<void> {
    try {
      const id = await next.then(
        ({ cursor }) => cursor.id,
        () => open,
      );
      if (!id.isZero()) await db.command({ killCursors: collection, cursors: [id] }, { session });
    } finally {
      await session.endSession();
    }
  }
}

const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
