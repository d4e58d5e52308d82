import { createHash } from "node:crypto";
import mongoose from "mongoose";
import { insist } from "./insist.ts";
import type { Connection } from "./mongo.ts";
import { chunkBytes, createChunks } from "./storage-chunks.ts";
import { resumeObject } from "./storage-resume.ts";

const bucketName = "files";
/** Asked for in one query; the next query is on its way while these are worked through. */
const chunksAtOnce = 4;

/** An object that isn't there, or not whole; trying again can't help. */
export class ObjectDamaged extends Error {
  override name = "ObjectDamaged";
}

/** The documents of the GridFS specification. */
export type StoredFile = { _id: string; length: number; chunkSize: number; uploadDate: Date };
export type Chunk = { files_id: string; n: number; data: mongoose.mongo.Binary };

export type Part = { start: number; end: number; atOnce: number };
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
    yield* readPart(id, { start, end: file.length, atOnce: chunksAtOnce }, signal);
  }

  /** As `read`, up to byte `end` (excluded), also of an object that isn't ended; holds `atOnce` chunks and as many again. */
  async function* readPart(id: string, { start, end, atOnce }: Part, signal: AbortSignal) {
    let expected = Math.floor(start / chunkBytes);
    const ask = (from: number): Promise<Chunk[]> => {
      const asked = insist(() => findChunks(id, from, atOnce), signal);
      // Whoever stops reading early doesn't wait for it.
      asked.catch(() => {});
      return asked;
    };
    let next = ask(expected);
    while (expected * chunkBytes < end) {
      const chunks = await next;
      if (chunks.length === 0) throw new ObjectDamaged("Its end is missing.");
      if ((expected + chunks.length) * chunkBytes < end) next = ask(expected + chunks.length);
      for (const { n, data } of chunks) {
        const from = n * chunkBytes;
        // Those asked for at once may go beyond the end.
        if (from >= end) return;
        if (n !== expected) throw new ObjectDamaged(`Its part ${expected + 1} is missing.`);
        if (from + data.length() < Math.min(end, from + chunkBytes)) {
          throw new ObjectDamaged(`Its part ${expected + 1} is cut off.`);
        }
        const skipped = Math.max(0, start - from);
        expected += 1;
        const last = Math.min(data.length(), end - from);
        if (skipped < last) yield data.buffer.subarray(skipped, last);
      }
    }
  }

  const findChunks = (id: string, from: number, atOnce: number): Promise<Chunk[]> =>
    chunks
      .find({ files_id: id, n: { $gte: from } })
      .sort({ n: 1 })
      .limit(atOnce)
      .toArray();

  /** Removes an object, also one whose writing never ended. */
  async function remove(id: string): Promise<void> {
    await files.deleteOne({ _id: id });
    await chunks.deleteMany({ files_id: id });
  }

  const parts = { files, chunks, ensureIndex, readPart };
  return {
    write,
    read,
    readPart,
    remove,
    /** Goes on with an object of which `bytes` bytes are kept; throws ObjectDamaged where they are not there. */
    resume: (id: string, bytes: number, signal: AbortSignal) =>
      resumeObject(parts, id, bytes, signal),
  };
}

export type Storage = ReturnType<typeof createStorage>;
