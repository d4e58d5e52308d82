import { createHash } from "node:crypto";
import { once } from "node:events";
import mongoose from "mongoose";
import { insist } from "./insist.ts";
import type { Connection } from "./mongo.ts";

const bucketName = "files";
const chunkBytes = 1024 * 1024;
/** Asked for in one query; the next query is on its way while these are worked through. */
const chunksAtOnce = 4;

/** An object that isn't there, or not whole; trying again can't help. */
export class ObjectDamaged extends Error {
  override name = "ObjectDamaged";
}

type Chunk = { files_id: string; n: number; data: mongoose.mongo.Binary };

export type Stored = { bytes: number; sha256: string };

/** Objects in GridFS, so that every node and worker reaches them without a shared disk. */
export function createStorage(connection: Connection) {
  const { db } = connection;
  if (!db) throw new Error("MongoDB isn't connected");
  const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName, chunkSizeBytes: chunkBytes });
  // GridFS takes ids of any BSON type; the driver's types know only one of them.
  const toKey = (id: string) => id as unknown as mongoose.mongo.ObjectId;

  /** Stores all of `source`; when that fails, nothing of it stays. */
  async function write(id: string, source: AsyncIterable<Uint8Array>): Promise<Stored> {
    const sink = bucket.openUploadStreamWithId(toKey(id), id);
    const failed = new Promise<never>((_, reject) => sink.once("error", reject));
    failed.catch(() => {});
    const hash = createHash("sha256");
    let bytes = 0;
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        await Promise.race([failed, writeChunk(sink, chunk)]);
      }
      // Not the callback of `end`: it is called as well when the end of the object can't be stored.
      await Promise.race([failed, once(sink.end(), "finish")]);
    } catch (err) {
      await remove(id);
      throw err;
    }
    return { bytes, sha256: hash.digest("base64url") };
  }

  /**
   * Streams an object from byte `start`, chunk by chunk as the GridFS specification lays them out. Each
   * few are a query of their own: no cursor outlives a change of MongoDB's primary, or a slow reader.
   */
  async function* read(id: string, start: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const [file] = await insist(() => bucket.find({ _id: toKey(id) }).toArray(), signal);
    if (!file) throw new ObjectDamaged("It is gone.");
    let expected = Math.floor(start / chunkBytes);
    const ask = (from: number): Promise<Chunk[]> => {
      const asked = insist(() => findChunks(id, from), signal);
      // Whoever stops reading early doesn't wait for it.
      asked.catch(() => {});
      return asked;
    };
    let next = ask(expected);
    while (expected * chunkBytes < file.length) {
      const chunks = await next;
      if (chunks.length === 0) throw new ObjectDamaged("Its end is missing.");
      if ((expected + chunks.length) * chunkBytes < file.length)
        next = ask(expected + chunks.length);
      for (const { n, data } of chunks) {
        if (n !== expected) throw new ObjectDamaged(`Its part ${expected + 1} is missing.`);
        const skipped = Math.max(0, start - n * chunkBytes);
        expected += 1;
        if (skipped < data.length()) yield data.buffer.subarray(skipped, data.length());
      }
    }
  }

  const findChunks = (id: string, from: number): Promise<Chunk[]> =>
    db
      .collection<Chunk>(`${bucketName}.chunks`)
      .find({ files_id: id, n: { $gte: from } })
      .sort({ n: 1 })
      .limit(chunksAtOnce)
      .toArray();

  /** Removes an object, also one whose writing never ended. */
  async function remove(id: string): Promise<void> {
    await db?.collection(`${bucketName}.files`).deleteOne({ _id: toKey(id) });
    await db?.collection(`${bucketName}.chunks`).deleteMany({ files_id: toKey(id) });
  }

  return { write, read, remove };
}

export type Storage = ReturnType<typeof createStorage>;

function writeChunk(sink: mongoose.mongo.GridFSBucketWriteStream, chunk: Uint8Array) {
  return new Promise<void>((resolve, reject) => {
    sink.write(chunk, (err) => (err ? reject(err) : resolve()));
  });
}
