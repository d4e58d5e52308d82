import type { SessionList } from "../../protocol/auth.ts";
import { AppError } from "../errors.ts";
import { createId } from "../infrastructure/ids.ts";
import type { Caller } from "./caller.ts";
import type { Principal } from "./principal.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import type { SessionDocument, SessionModel } from "./session.model.ts";

const dayMs = 24 * 3600 * 1000;
const idleMs = 30 * dayMs;
const longestMs = 90 * dayMs;
/** How long a spent token gives its successor again: two tabs, a lost answer. */
const graceMs = 10_000;
const mostListed = 1000;

/** A session as it stands and the refresh token to go on with. */
export type HeldSession = { session: SessionDocument; refreshToken: string };

type Deps = { sessions: SessionModel; refreshTokens: RefreshTokens };

/** Sessions in MongoDB; a session that ended is gone. */
export function createSessions({ sessions, refreshTokens }: Deps) {
  return {
    async begin(userId: string, caller: Caller): Promise<HeldSession> {
      const now = new Date();
      const _id = createId();
      const { text, hash } = refreshTokens.create(_id);
      const session: SessionDocument = {
        _id,
        userId,
        userAgent: caller.userAgent.slice(0, 400),
        ip: caller.ip,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: new Date(now.getTime() + idleMs),
        tokenHash: hash,
        spentHash: null,
        spentAt: null,
      };
      await sessions.create(session);
      return { session, refreshToken: text };
    },

    /**
     * Spends a refresh token for its successor; for 10 s, while that is unused, the one spent last gives it
     * again. Any other that was spent ends the session: `token_reused`. Throws `session_revoked` and
     * `unauthorized` too.
     */
    async refresh(token: string): Promise<HeldSession> {
      const { sessionId, hash, successor } = refreshTokens.open(token);
      // One write that compares: a read could be older than what another node has just written.
      const session = await sessions
        .findOneAndUpdate(
          { _id: sessionId, ...isLive, $or: [{ tokenHash: hash }, wasSpentLast(hash)] },
          spend(hash, successor.hash),
          { updatePipeline: true, returnDocument: "after" },
        )
        .lean<SessionDocument>();
      if (session) return { session, refreshToken: successor.text };
      // It was neither then, and never will be again: there is no race to be lost here.
      const { deletedCount } = await sessions.deleteOne({ _id: sessionId, ...isLive });
      throw new AppError(deletedCount > 0 ? "token_reused" : "session_revoked");
    },

    /** The session whose refresh token this is, spent or not, to end it; null if it isn't there. */
    async findByToken(token: string): Promise<SessionDocument | null> {
      const { sessionId } = refreshTokens.open(token);
      return sessions.findById(sessionId).lean<SessionDocument>();
    },

    find: (sessionId: string, userId: string) =>
      sessions.findOne({ _id: sessionId, userId, ...isLive }).lean<SessionDocument>(),

    /** Which of these live, with one query. */
    async findLive(sessionIds: readonly string[]): Promise<Set<string>> {
      const found = await sessions.find({ _id: { $in: sessionIds }, ...isLive }, { _id: 1 }).lean();
      return new Set(found.map(({ _id }) => _id));
    },

    async list({ userId, sessionId }: Principal): Promise<SessionList> {
      const newestFirst = sessions.find({ userId, ...isLive }).sort({ lastUsedAt: -1 });
      const found = await newestFirst.limit(mostListed).lean<SessionDocument[]>();
      const items = found.map(({ _id, createdAt, lastUsedAt, userAgent, ip }) => ({
        id: _id,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        userAgent,
        ip,
        current: _id === sessionId,
      }));
      return { items };
    },

    /** False if there was none. */
    async end(sessionId: string, userId: string): Promise<boolean> {
      const { deletedCount } = await sessions.deleteOne({ _id: sessionId, userId });
      return deletedCount > 0;
    },

    /** Ends a user's sessions but one, those that were begun just before included, and names them. */
    async endOthers(userId: string, kept: string): Promise<string[]> {
      const others = sessions.find({ userId, _id: { $ne: kept } }, { _id: 1 });
      const ids = (await others.readConcern("local").lean()).map(({ _id }) => _id);
      await sessions.deleteMany({ _id: { $in: ids } });
      return ids;
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

// Times are compared by MongoDB's clock, which is one for all nodes.
const isLive = { $expr: { $gt: ["$expiresAt", "$$NOW"] } };

const wasSpentLast = (hash: string) => ({
  spentHash: hash,
  $expr: { $gt: ["$spentAt", { $subtract: ["$$NOW", graceMs] }] },
});

/** Changes nothing where the token had been spent already. */
function spend(hash: string, successorHash: string) {
  const isUnspent = { $eq: ["$tokenHash", hash] };
  const set = (field: string, value: unknown) => ({
    [field]: { $cond: [isUnspent, value, `$${field}`] },
  });
  const idleEnd = { $add: ["$$NOW", idleMs] };
  const lastEnd = { $add: ["$createdAt", longestMs] };
  return [
    {
      $set: {
        ...set("spentHash", hash),
        ...set("spentAt", "$$NOW"),
        ...set("lastUsedAt", "$$NOW"),
        ...set("expiresAt", { $min: [idleEnd, lastEnd] }),
        ...set("tokenHash", successorHash),
      },
    },
  ];
}
