import type { ClientSession } from "mongodb";
import { type Connection, transact } from "../infrastructure/mongo.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import { askedFor } from "./job.queries.ts";
import { holdUser } from "./user-hold.ts";

type Deps = { connection: Connection; jobs: JobModel; most: number };

const waiting = { state: "queued", isAdmitted: false } as const;

/**
 * Fair shares: of a user's unfinished jobs at most `most` are admitted, that is have a ticket. With each
 * that ends the oldest of those that wait is admitted, so that its ticket goes behind those of all others.
 */
export function createShares({ connection, jobs, most }: Deps) {
  /** Admits the oldest jobs that wait while there's room; the caller issues their tickets. */
  async function admit(userId: string, session: ClientSession): Promise<JobDocument[]> {
    await holdUser(connection, userId, session);
    const taken = { userId, isAdmitted: true, ...askedFor };
    const admitted = await jobs.countDocuments(taken).session(session);
    const room = most - admitted;
    if (room <= 0) return [];
    const next = await jobs
      .find({ userId, ...waiting })
      .sort({ createdAt: 1, _id: 1 })
      .limit(room)
      .session(session)
      .lean<JobDocument[]>();
    if (next.length === 0) return [];
    const ids = next.map(({ _id }) => _id);
    await jobs.updateMany({ _id: { $in: ids } }, { $set: { isAdmitted: true } }, { session });
    return next;
  }

  return {
    admit,

    /** As `admit`, in a transaction of its own. */
    admitNext: (userId: string): Promise<JobDocument[]> =>
      transact(connection, (session) => admit(userId, session)),

    /** Users whose jobs wait although there's room, as when the limit was raised. */
    async findForgotten(): Promise<string[]> {
      const users = await jobs.distinct("userId", waiting);
      const full = await jobs.aggregate<{ _id: string }>([
        { $match: { isAdmitted: true, ...askedFor } },
        { $group: { _id: "$userId", count: { $sum: 1 } } },
        { $match: { count: { $gte: most } } },
      ]);
      const served = new Set(full.map(({ _id }) => _id));
      return users.filter((userId) => !served.has(userId));
    },
  };
}

export type Shares = ReturnType<typeof createShares>;
