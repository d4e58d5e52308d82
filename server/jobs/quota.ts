import type { ClientSession } from "mongodb";
import { AppError } from "../errors.ts";
import type { Connection } from "../infrastructure/mongo.ts";
import type { JobModel } from "./job.model.ts";
import { askedFor, unfinishedStates } from "./job.queries.ts";
import { holdUser } from "./user-hold.ts";

type Deps = { connection: Connection; jobs: JobModel; most: number };

/** How many unfinished jobs a user may have; over it, `rate_limited`. */
export function createQuota({ connection, jobs, most }: Deps) {
  async function check(userId: string, session: ClientSession | null = null): Promise<void> {
    const unfinished = { userId, state: { $in: unfinishedStates }, ...askedFor };
    if ((await jobs.countDocuments(unfinished).session(session)) < most) return;
    const message = `You have ${most} unfinished jobs; wait for one to end.`;
    throw new AppError("rate_limited", message, { retryAfter: 5 });
  }

  /**
   * Lets a transaction that adds a job wait for the others. Is to come first: what these commit between its first
   * read and this makes it begin anew, again and again.
   */
  const hold = (userId: string, session: ClientSession) => holdUser(connection, userId, session);

  /** As `check`, in such a transaction. */
  async function take(userId: string, session: ClientSession): Promise<void> {
    await hold(userId, session);
    await check(userId, session);
  }

  return { check, hold, take };
}

export type Quota = ReturnType<typeof createQuota>;
