import { type Db, type Document, Long } from "mongodb";
import { type Batch, readCursor } from "./raw-cursor.ts";

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

/** Documents in an answer stay as they came. */
const options = { raw: true };
const readConcern = { level: "majority" };

/**
 * What a query finds, in BSON, batch by batch; the next one is on its way while one is worked through. A cursor
 * of the driver, also a `raw` one, makes 2 KB of objects of each document, which go by the hundred megabytes a second;
 * here a batch is one object, and none of its documents grows old as garbage.
 * Throws what the driver throws; once `signal` has fired, its reason, and the query ends in MongoDB, too.
 */
export async function* findRaw(
  db: Db,
  collection: string,
  find: Find,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const session = db.client.startSession();
  const run = async (command: Document) => {
    const { cursor } = await db.command(command, { ...options, session, signal });
    return readCursor(cursor as Buffer);
  };
  let open = Long.ZERO;
  let next = run({ find: collection, ...find, readConcern });
  try {
    for (;;) {
      const { id, batch } = await next;
      signal.throwIfAborted();
      open = id;
      if (!id.isZero()) {
        next = run({ getMore: id, collection, batchSize: find.batchSize });
        // Whoever stops early doesn't wait for it.
        next.catch(() => {});
      }
      if (batch.starts.length > 0) yield batch;
      if (id.isZero()) return;
    }
  } finally {
    end().catch(() => {});
  }

  async function end(): Promise<void> {
    try {
      const id = await next.then(
        (reached) => reached.id,
        () => open,
      );
      if (!id.isZero()) await db.command({ killCursors: collection, cursors: [id] }, { session });
    } finally {
      await session.endSession();
    }
  }
}
