import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import mongoose from "mongoose";
import { measure, type Usage } from "../measure.ts";
import type { Rig } from "../rig.ts";

/** As large as Sluice's: with the default of 255 KiB it would send four times as many documents. */
const chunkSizeBytes = 1024 * 1024;
const bucketName = "rival";

/** The driver's own upload stream fed from memory; what it stored is checked and dropped. */
export async function storeInGridFs(rig: Rig, parts: Buffer[], bytes: number): Promise<Usage> {
  const { db } = rig.cluster.mongo;
  if (!db) throw new Error("not connected");
  const writeConcern = { w: "majority" } as const;
  const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName, chunkSizeBytes, writeConcern });
  const usage = await measure({ bench: process.pid, mongod: rig.pids.mongod }, () =>
    pipeline(Readable.from(parts), bucket.openUploadStream("rows")),
  );
  const [file] = await bucket.find().toArray();
  const chunks = await db.collection(`${bucketName}.chunks`).countDocuments();
  if (file?.length !== bytes || chunks !== Math.ceil(bytes / chunkSizeBytes)) {
    throw new Error("bytes are missing");
  }
  await bucket.drop();
  return usage;
}
