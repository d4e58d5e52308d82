import { createHash } from "node:crypto";
import type { Format, ImportOptions } from "../../protocol/datasets.ts";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { toDataset } from "../datasets/dataset-view.ts";
import { AppError } from "../errors.ts";
import { createId } from "../infrastructure/ids.ts";
import { type Connection, isDuplicate, type Session, transact } from "../infrastructure/mongo.ts";
import type { Storage, Stored } from "../infrastructure/storage.ts";
import { createTurns } from "../infrastructure/turns.ts";
import type { Dispatch } from "./dispatch.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { newJob, toJob } from "./job-view.ts";
import type { Quota } from "./quota.ts";
import type { Shares } from "./shares.ts";
import type { KeyModel, UploadModel } from "./upload.model.ts";

const route = "datasets";
const aliveEveryMs = 60_000;
const gone = new Date(0);

export type Description = { name: string; format: Format; options: ImportOptions };

export type Submission = {
  bytes: AsyncIterable<Uint8Array>;
  /** asked when the last byte is stored: what says it may come behind the file */
  describe: () => Description;
  /** repeated calls with the same key make one import */
  key: string | undefined;
};

type File = Description & Pick<Submission, "key">;

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  uploads: UploadModel;
  keys: KeyModel;
  storage: Storage;
  dispatch: Dispatch;
  quota: Quota;
  shares: Shares;
};

/** Takes files in: the bytes first, then dataset, job and key in one transaction, then the ticket. */
export function createSubmissions(deps: Deps) {
  const { connection, jobs, datasets, uploads, keys, storage, dispatch, quota, shares } = deps;

  // At MongoDB they would only meet at the user's document, and all but one begin anew.
  const takeTurn = createTurns();

  async function submit(principal: Principal, submission: Submission): Promise<Submitted> {
    const { userId } = principal;
    const { bytes, describe, key } = submission;
    const known = key && (await keys.exists({ userId, route, key }));
    if (!known) await quota.check(userId);
    const id = createId();
    await uploads.create({ _id: id, userId, activeAt: new Date() });
    try {
      const stored = await storage.write(id, keepAlive(id, bytes));
      return await accept(userId, { ...describe(), key }, id, stored);
    } catch (err) {
      await discard(id);
      throw err;
    }
  }

  async function* keepAlive(uploadId: string, bytes: AsyncIterable<Uint8Array>) {
    let toldAt = Date.now();
    for await (const chunk of bytes) {
      yield chunk;
      if (Date.now() - toldAt < aliveEveryMs) continue;
      toldAt = Date.now();
      await uploads.updateOne({ _id: uploadId }, { $set: { activeAt: new Date() } });
    }
  }

  async function accept(userId: string, file: File, id: string, stored: Stored) {
    const { name, format, options, key } = file;
    const dataset = newDataset(userId, file, id, stored);
    const source = { id, bytes: stored.bytes, format, options };
    const job = newJob({ userId, kind: "import", dataset: { id: dataset._id, name }, source });
    const answer = { dataset: toDataset(dataset), job: toJob(job) };
    const fingerprint = fingerprintOf(file, stored);
    let admitted: JobDocument[] = [];
    try {
      const write = async (session: Session) => {
        if (key) {
          const createdAt = new Date();
          await keys.create([{ userId, route, key, fingerprint, answer, createdAt }], { session });
        }
        await quota.take(userId, session);
        await datasets.create([dataset], { session });
        await jobs.create([job], { session });
        const { deletedCount } = await uploads
          .deleteOne({ _id: id, activeAt: { $gt: gone } })
          .session(session);
        if (deletedCount !== 1) throw new Error("the upload was swept away");
        return shares.admit(userId, session);
      };
      admitted = await takeTurn(userId, () => transact(connection, write));
    } catch (err) {
      if (!key || !isDuplicate(err)) throw err;
      await discard(id);
      return answerAsWinner({ userId, route, key }, fingerprint);
    }
    await dispatch.queued(job, admitted);
    return answer;
  }

  /** Removes the bytes, unless the upload was accepted after all (its record is gone then). */
  async function discard(id: string): Promise<void> {
    const { matchedCount } = await uploads.updateOne({ _id: id }, { $set: { activeAt: gone } });
    if (matchedCount === 0) return;
    await storage.remove(id);
    await uploads.deleteOne({ _id: id });
  }

  async function answerAsWinner(key: object, fingerprint: string): Promise<Submitted> {
    const winner = await keys.findOne(key).lean();
    if (winner?.fingerprint === fingerprint) return winner.answer;
    throw new AppError("conflict", "This Idempotency-Key was used for something else.");
  }

  return { submit };
}

export type Submissions = ReturnType<typeof createSubmissions>;

/** Of all that a call consists of; without declared columns the same as before there were any. */
function fingerprintOf({ name, format, options }: Description, { sha256 }: Stored): string {
  const { delimiter, header, columns = [] } = options;
  const declared = columns.map((column) => [column.name, column.type]);
  return createHash("sha256")
    .update(JSON.stringify([name, format, delimiter, header, sha256, ...declared]))
    .digest("base64url");
}

function newDataset(
  userId: string,
  { name, format }: Description,
  sourceId: string,
  { bytes }: Stored,
): DatasetDocument {
  const now = new Date();
  return {
    _id: createId(),
    userId,
    name,
    format,
    status: "importing",
    columns: [],
    rows: 0,
    rejected: 0,
    bytes,
    version: 1,
    sourceId,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
