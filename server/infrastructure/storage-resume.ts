import { createHash } from "node:crypto";
import type { Collection } from "mongodb";
import mongoose from "mongoose";
import { insist } from "./insist.ts";
import type { Chunk, Part, StoredFile } from "./storage.ts";
import { chunkBytes, createChunks } from "./storage-chunks.ts";

type Parts = {
  files: Collection<StoredFile>;
  chunks: Collection<Chunk>;
  ensureIndex: () => Promise<unknown>;
  readPart: (id: string, part: Part, signal: AbortSignal) => AsyncIterable<Uint8Array>;
};

/**
 * An object that is written in several goes: of what is there the first `bytes` bytes count, the rest is written
 * anew. Each chunk takes the place of one of the same number, so that the same bytes may be written twice.
 */
export async function resumeObject(
  { files, chunks, ensureIndex, readPart }: Parts,
  id: string,
  bytes: number,
  signal: AbortSignal,
) {
  const hash = createHash("sha256");
  const first = Math.floor(bytes / chunkBytes);
  const sink = createChunks(async (n, data) => {
    const chunk = { files_id: id, n, data: new mongoose.mongo.Binary(data) };
    const place = { files_id: id, n };
    await insist(() => chunks.replaceOne(place, chunk, { upsert: true }), signal);
  }, first);
  let length = bytes;

  await insist(() => ensureIndex(), signal);
  let at = 0;
  for await (const piece of readPart(id, { start: 0, end: bytes, atOnce: 1 }, signal)) {
    signal.throwIfAborted();
    hash.update(piece);
    const isKept = at < first * chunkBytes;
    at += piece.length;
    if (!isKept) await sink.add(piece);
  }

  return {
    /** How many bytes there are, and how many of them are stored for certain. */
    length: () => length,
    stored: () => sink.stored(),

    /** `piece` may be used again once this has resolved. */
    async add(piece: Uint8Array): Promise<void> {
      hash.update(piece);
      length += piece.length;
      await sink.add(piece);
    },

    /** Ends the object; it can be read from now on. `sha256` in hexadecimal. */
    async end(): Promise<{ bytes: number; sha256: string }> {
      await sink.end();
      // Not before: whoever was overtaken must not remove what the newer one has written.
      const beyond = { files_id: id, n: { $gte: Math.ceil(length / chunkBytes) } };
      await insist(() => chunks.deleteMany(beyond), signal);
      const file = { length, chunkSize: chunkBytes, uploadDate: new Date() };
      await insist(() => files.replaceOne({ _id: id }, file, { upsert: true }), signal);
      return { bytes: length, sha256: hash.digest("hex") };
    },

    /** Waits, after a failure, until nothing is on its way any more. */
    settled: () => sink.settled(),
  };
}
