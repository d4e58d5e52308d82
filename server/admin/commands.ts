import type { Redis } from "ioredis";
import type { SessionModel } from "../auth/session.model.ts";
import type { UserModel } from "../auth/user.model.ts";
import { encodeToNodes, nodesChannel } from "../infrastructure/channel-envelope.ts";
import type { JobDocument, JobModel } from "../jobs/job.model.ts";
import { toJob } from "../jobs/job-view.ts";

const mostListed = 200;

/** What a command gives: things to show as lines of a table, or one thing. */
export type Row = Record<string, unknown>;
export type Output = Row[] | Row;

type Deps = {
  users: UserModel;
  sessions: SessionModel;
  jobs: JobModel;
  redis: Redis;
  prefix: string;
};

/** What an administrator asks of the stores; throws an error in plain words. */
export function createCommands({ users, sessions, jobs, redis, prefix }: Deps) {
  async function requireUser(email: string) {
    const user = await users.findOne({ emailKey: email.toLowerCase() }).lean();
    if (!user) throw new Error(`nobody has the email ${email}`);
    return user;
  }

  async function changeRoles(email: string, change: object): Promise<Row> {
    const { _id } = await requireUser(email);
    const changed = await users.findByIdAndUpdate(_id, change, { returnDocument: "after" }).lean();
    return { id: _id, email: changed?.email, roles: changed?.roles };
  }

  return {
    async users(): Promise<Row[]> {
      const found = await users.find().sort({ createdAt: -1 }).limit(mostListed).lean();
      const held = await sessions.aggregate<{ _id: string; count: number }>([
        { $match: { userId: { $in: found.map(({ _id }) => _id) } } },
        { $match: { $expr: { $gt: ["$expiresAt", "$$NOW"] } } },
        { $group: { _id: "$userId", count: { $sum: 1 } } },
      ]);
      const counts = new Map(held.map(({ _id, count }) => [_id, count]));
      return found.map(({ _id, email, name, roles, createdAt }) => ({
        id: _id,
        email,
        name,
        roles,
        sessions: counts.get(_id) ?? 0,
        createdAt: createdAt.toISOString(),
      }));
    },

    grant: (email: string) => changeRoles(email, { $addToSet: { roles: "admin" } }),
    revoke: (email: string) => changeRoles(email, { $pull: { roles: "admin" } }),

    /** Nodes hear of it by Redis; without it they notice by themselves. */
    async "end-sessions"(email: string): Promise<Row> {
      const { _id } = await requireUser(email);
      const ids = (await sessions.find({ userId: _id }, { _id: 1 }).lean()).map((one) => one._id);
      await sessions.deleteMany({ _id: { $in: ids } });
      const message = encodeToNodes("sessions:ended", ids);
      const isTold = await redis.spublish(nodesChannel(prefix), message).then(
        () => true,
        () => false,
      );
      return { id: _id, email, ended: ids.length, nodesTold: isTold };
    },

    async jobs(): Promise<Row[]> {
      const newestFirst = jobs.find().sort({ createdAt: -1 }).limit(mostListed);
      const found = await newestFirst.lean<JobDocument[]>();
      const owners = await users.find({ _id: { $in: found.map(({ userId }) => userId) } }).lean();
      const emails = new Map(owners.map(({ _id, email }) => [_id, email]));
      return found.map((job) => ({
        id: job._id,
        kind: job.kind,
        state: job.state,
        owner: emails.get(job.userId) ?? job.userId,
        dataset: job.dataset.name,
        percent: job.progress.percent,
        createdAt: job.createdAt.toISOString(),
        error: job.error?.code ?? null,
      }));
    },

    async job(id: string): Promise<Row> {
      const job = await jobs.findById(id).lean<JobDocument>();
      if (!job) throw new Error(`there is no job ${id}`);
      const { userId, fence, ticket, isAdmitted, isSettled, cancel } = job;
      return { ...toJob(job), userId, fence, ticket, isAdmitted, isSettled, cancel };
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;
