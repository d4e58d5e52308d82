import { createReadStream } from "node:fs";
import { type Job, Worker } from "bullmq";
import { parse } from "csv-parse";
import { Redis } from "ioredis";
import mongoose from "mongoose";

/** The worker of a tutorial: csv-parse, a mongoose schema, 1,000 rows a batch, progress after each. */

const batchRows = 1_000;
const { MONGODB_URI = "", REDIS_URL = "", REDIS_PREFIX = "", QUEUE = "" } = process.env;

const person = new mongoose.Schema({
  id: Number,
  name: String,
  email: String,
  city: String,
  amount: Number,
  quantity: Number,
  active: Boolean,
  created: Date,
  notes: String,
  code: String,
  score: Number,
  ratio: Number,
});
const Person = mongoose.model("Person", person, "rival");

async function importPeople(job: Job<{ path: string }>): Promise<number> {
  let stored = 0;
  let batch: object[] = [];
  const store = async () => {
    await Person.insertMany(batch, { ordered: false });
    stored += batch.length;
    batch = [];
    await job.updateProgress({ stored });
  };
  for await (const row of createReadStream(job.data.path).pipe(parse({ columns: true }))) {
    batch.push(row);
    if (batch.length === batchRows) await store();
  }
  if (batch.length > 0) await store();
  return stored;
}

await mongoose.connect(MONGODB_URI);
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const worker = new Worker(QUEUE, importPeople, { connection, prefix: REDIS_PREFIX });
await worker.waitUntilReady();
process.send?.("ready");
