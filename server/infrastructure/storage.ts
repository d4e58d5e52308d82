import { createHash } from "node:crypto";
import mongoose from "mongoose";
import { insist } from "./insist.ts";
import type { Connection } from "./mongo.ts";
import { chunkBytes, createChunks } from "./storage-chunks.ts";

const bucketName = "files";
/** Asked for in one query; the next query is on its way while these are worked through. */
const chunksAtOnce = 4;

/** An object that isn't there, or not whole; trying again can't help. */
export class ObjectDamaged extends Error {
  override name = "ObjectDamaged";
}

/** The documents of the GridFS specification. */
type StoredFile = { _id: string; length: number; chunkSize: number; uploadDate: Date };
type Chunk = { files_id: string; n: number; data: mongoose.mongo.Binary };

export type Stored = { bytes: number; sha256: string };

/** Objects in GridFS, so that every node and worker reaches them without a shared disk. */
export function createStorage(connection: Connection) {
  const { db } = connection;
  if (!db) throw new Error("MongoDB isn't connected");
  const files = db.collection<StoredFile>(`${bucketName}.files`);
  const chunks = db.collection<Chunk>(`${bucketName}.chunks`);
  let indexed: Promise<unknown> | null = null;

  /** The one index that GridFS asks for of its chunks. */
  function ensureIndex(): Promise<unknown> {
    indexed ??= chunks.createIndex({ files_id: 1, n: 1 }, { unique: true }).catch((err) => {
      indexed = null;
      throw err;
    });
    return indexed;
  }

  /** Stores all of `source`; when that fails, nothing of it stays. */
  async function write(id: string, source: AsyncIterable<Uint8Array>): Promise<Stored> {
    const hash = createHash("sha256");
    const sink = createChunks(async (n, data) => {
      await chunks.insertOne({ files_id: id, n, data: new mongoose.mongo.Binary(data) });
    });
    try {
      await ensureIndex();
      for await (const piece of source) {
        hash.update(piece);
        await sink.add(piece);
      }
      const length = await sink.end();
      await files.insertOne({ _id: id, length, chunkSize: chunkBytes, uploadDate: new Date() });
      return { bytes: length, sha256: hash.digest("base64url") };
    } catch (err) {
      await sink.settled();
      await remove(id);
      throw err;
    }
  }

  /**
   * Streams an object from byte `start`, chunk by chunk as the GridFS specification lays them out. Each
   * few are a query of their own: no cursor outlives a change of MongoDB's primary, or a slow reader.
   */
  async function* read(id: string, start: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const file = await insist(() => files.findOne({ _id: id }), signal);
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
    chunks
      .find({ files_id: id, n: { $gte: from } })
      .sort({ n: 1 })
      .limit(chunksAtOnce)
      .toArray();

  /** Removes an object, also one whose writing never ended. */
  async function remove(id: string): Promise<void> {
    await files.deleteOne({ _id: id });
    await chunks.deleteMany({ files_id: id });
  }

  return { write, read, remove };
}

export type Storage = ReturnType<typeof createStorage>;
