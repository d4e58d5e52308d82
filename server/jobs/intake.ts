import type { Submitted } from "../../protocol/jobs.ts";
import { createId } from "../infrastructure/ids.ts";
import { type Connection, isDuplicate, type Session, transact } from "../infrastructure/mongo.ts";
import type { Storage, Stored } from "../infrastructure/storage.ts";
import { createTurns } from "../infrastructure/turns.ts";
import type { Dispatch } from "./dispatch.ts";
import { createIdempotency } from "./idempotency.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import type { Quota } from "./quota.ts";
import type { Shares } from "./shares.ts";
import type { KeyModel, UploadModel } from "./upload.model.ts";

const aliveEveryMs = 60_000;
const gone = new Date(0);

/** A file that somebody sends; repeated calls with the same `key` are one. */
export type Sent = { bytes: AsyncIterable<Uint8Array>; key: string | undefined };

/** What a file becomes once its last byte is stored. */
export type Accepted = {
  job: JobDocument;
  answer: Submitted;
  /** of everything the call consists of, its bytes included */
  fingerprint: string;
  /** whatever else has to be written with the job */
  write: (session: Session) => Promise<unknown>;
};

type Purpose = {
  userId: string;
  /** what a key is good for */
  route: string;
  /** asked before a byte is read, unless the key is known */
  check?: () => void;
  accept: (id: string, stored: Stored) => Accepted;
};

export type IntakeDeps = {
  connection: Connection;
  jobs: JobModel;
  uploads: UploadModel;
  keys: KeyModel;
  storage: Storage;
  dispatch: Dispatch;
  quota: Quota;
  shares: Shares;
};

/** Takes files in: the bytes first, then the job, its key and what belongs to it in one transaction, then the ticket. */
export function createIntake(deps: IntakeDeps) {
  const { connection, jobs, uploads, keys, storage, dispatch, quota, shares } = deps;
  const idempotency = createIdempotency(keys);

  // At MongoDB they would only meet at the user's document, and all but one begin anew.
  const takeTurn = createTurns();

  async function* keepAlive(uploadId: string, bytes: AsyncIterable<Uint8Array>) {
    let toldAt = Date.now();
    for await (const chunk of bytes) {
      yield chunk;
      if (Date.now() - toldAt < aliveEveryMs) continue;
      toldAt = Date.now();
      await uploads.updateOne({ _id: uploadId }, { $set: { activeAt: new Date() } });
    }
  }

  async function accept(purpose: Purpose, key: string | undefined, id: string, stored: Stored) {
    const { userId, route } = purpose;
    const { job, answer, fingerprint, write } = purpose.accept(id, stored);
    let admitted: JobDocument[] = [];
    try {
      const writeAll = async (session: Session) => {
        await quota.hold(userId, session);
        if (key) await idempotency.keep({ userId, route, key }, fingerprint, answer, session);
        await quota.check(userId, session);
        await write(session);
        await jobs.create([job], { session });
        const { deletedCount } = await uploads
          .deleteOne({ _id: id, activeAt: { $gt: gone } })
          .session(session);
        if (deletedCount !== 1) throw new Error("the upload was swept away");
        return shares.admit(userId, session);
      };
      admitted = await takeTurn(userId, () => transact(connection, writeAll));
    } catch (err) {
      if (!key || !isDuplicate(err)) throw err;
      await discard(id);
      const won = await idempotency.find<Submitted>({ userId, route, key }, fingerprint);
      if (!won) throw err;
      return won;
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

  return async ({ bytes, key }: Sent, purpose: Purpose): Promise<Submitted> => {
    const { userId, route } = purpose;
    const known = key && (await idempotency.isKnown({ userId, route, key }));
    if (!known) purpose.check?.();
    if (!known) await quota.check(userId);
    const id = createId();
    await uploads.create({ _id: id, userId, activeAt: new Date() });
    try {
      const stored = await storage.write(id, keepAlive(id, bytes));
      return await accept(purpose, key, id, stored);
    } catch (err) {
      await discard(id);
      throw err;
    }
  };
}
