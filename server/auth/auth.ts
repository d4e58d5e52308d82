import type { z } from "zod";
import type { loginBody, passwordBody, registerBody, SessionList } from "../../protocol/auth.ts";
import { AppError } from "../errors.ts";
import { createId } from "../infrastructure/ids.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { type Connection, isDuplicate } from "../infrastructure/mongo.ts";
import { type Act, createAudit, shownEmail, type Who } from "./audit.ts";
import { createAuthentication } from "./authentication.ts";
import type { Caller } from "./caller.ts";
import { createGrants, type Grant } from "./grants.ts";
import { type SigningKey, toJwks } from "./keys.ts";
import { createPasswordHashes } from "./password-hashes.ts";
import { refuseCommonPassword } from "./passwords.ts";
import type { Principal } from "./principal.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import { createSessionModel } from "./session.model.ts";
import { createSessions, type HeldSession } from "./sessions.ts";
import { createTokens } from "./tokens.ts";
import { createUserModel, type UserDocument } from "./user.model.ts";

type Deps = {
  connection: Connection;
  keys: readonly [SigningKey, ...SigningKey[]];
  secret: string;
  accessTokenSeconds: number;
  /** told of sessions once they have ended; the truth is in MongoDB */
  onEnded: (sessionIds: string[]) => void;
  logger: Logger;
};

export function createAuth(deps: Deps) {
  const { connection, keys, onEnded } = deps;
  const users = createUserModel(connection);
  const model = createSessionModel(connection);
  const tokens = createTokens(keys, deps.accessTokenSeconds);
  const refreshTokens = createRefreshTokens(deps.secret);
  const sessions = createSessions({ sessions: model, refreshTokens });
  const grant = createGrants(tokens);
  const passwords = createPasswordHashes();
  const audit = createAudit(deps.logger);

  /** Begins a session unless the password was changed while it was being compared. */
  async function beginUnlessChanged(user: UserDocument, caller: Caller): Promise<HeldSession> {
    const held = await sessions.begin(user._id, caller);
    // After the session is there: a change that this doesn't see yet will see the session.
    const { _id, passwordHash } = user;
    if (await users.exists({ _id, passwordHash }).readConcern("local")) return held;
    await sessions.end(held.session._id, _id);
    throw new AppError("invalid_credentials");
  }

  async function checkPassword(typed: string, user: UserDocument | null): Promise<UserDocument> {
    if ((await passwords.matches(typed, user?.passwordHash ?? null)) && user) return user;
    throw new AppError("invalid_credentials");
  }

  /** Sets a password unless another came first, and ends every session but one; gives their ids. */
  async function replacePassword(user: UserDocument, passwordHash: string, kept: string) {
    // Before it, so that a crash in between leaves nobody in; after it, for who came in meanwhile.
    const before = await sessions.endOthers(user._id, kept);
    const unchanged = { _id: user._id, passwordHash: user.passwordHash };
    const { matchedCount } = await users.updateOne(unchanged, { $set: { passwordHash } });
    const meanwhile = await sessions.endOthers(user._id, kept);
    const ended = [...before, ...meanwhile];
    onEnded(ended);
    if (matchedCount === 0) throw new AppError("conflict", "The password was changed meanwhile.");
    return ended;
  }

  /** False if it wasn't there any more. */
  async function end(who: Required<Omit<Who, "email">> & Who, caller: Caller): Promise<boolean> {
    if (!(await sessions.end(who.sessionId, who.userId))) return false;
    onEnded([who.sessionId]);
    audit.note("session_end", "ok", who, caller);
    return true;
  }

  return {
    jwks: toJwks(keys),
    createIndexes: async () => {
      await users.createIndexes();
      await model.createIndexes();
    },

    /** A place among those whose passwords are hashed, as of `createGate`: for all three that take one. */
    enter: passwords.enter,

    register: (body: z.output<typeof registerBody>, caller: Caller): Promise<Grant> =>
      audit.watch("register", { email: body.email }, caller, async () => {
        refuseCommonPassword(body.password, body.email);
        const user: UserDocument = {
          _id: createId(),
          email: body.email,
          emailKey: body.email.toLowerCase(),
          name: body.name ?? body.email.slice(0, body.email.indexOf("@")).slice(0, 100),
          passwordHash: await passwords.hash(body.password),
          roles: ["user"],
          createdAt: new Date(),
        };
        await users.create(user).catch((err: unknown) => {
          throw isDuplicate(err)
            ? new AppError("conflict", "This email has an account already.")
            : err;
        });
        const held = await sessions.begin(user._id, caller);
        audit.note("register", "ok", whoIs(user, held.session._id), caller);
        return grant(user, held);
      }),

    login: (body: z.output<typeof loginBody>, caller: Caller): Promise<Grant> =>
      audit.watch("login", shownEmail(body.email), caller, async () => {
        const found = await users.findOne({ emailKey: body.email.toLowerCase() }).lean();
        const user = await checkPassword(body.password, found);
        const held = await beginUnlessChanged(user, caller);
        audit.note("login", "ok", whoIs(user, held.session._id), caller);
        return grant(user, held);
      }),

    /** A new pair for a refresh token; throws as `sessions.refresh` does. */
    async refresh(token: string, caller: Caller): Promise<Grant> {
      const { sessionId } = refreshTokens.open(token);
      return audit.watch("refresh", { sessionId }, caller, async () => {
        const held = await sessions.refresh(token).catch((err: unknown) => {
          if (err instanceof AppError && err.code === "token_reused") onEnded([sessionId]);
          throw err;
        });
        const user = await users.findById(held.session.userId).lean();
        if (!user) throw new AppError("session_revoked");
        return grant(user, held);
      });
    },

    /** Ends every other session of the user. */
    changePassword: (
      { userId, sessionId, email }: Principal,
      { current, next }: z.output<typeof passwordBody>,
      caller: Caller,
    ): Promise<void> =>
      audit.watch("password_change", { userId, email, sessionId }, caller, async () => {
        refuseCommonPassword(next, email, "next");
        const user = await checkPassword(current, await users.findById(userId).lean());
        const ended = await replacePassword(user, await passwords.hash(next), sessionId);
        const more = { sessionsEnded: ended.length };
        audit.note("password_change", "ok", { userId, email, sessionId }, caller, more);
      }),

    listSessions: (principal: Principal): Promise<SessionList> => sessions.list(principal),

    /** Throws `not_found` unless it is one of the asker's own. */
    async endSession({ userId, email }: Principal, sessionId: string, caller: Caller) {
      if (!(await end({ userId, email, sessionId }, caller))) throw new AppError("not_found");
    },

    logOut: ({ userId, email, sessionId }: Principal, caller: Caller) =>
      end({ userId, email, sessionId }, caller),

    /** As `logOut`, by the refresh token. */
    async logOutBy(token: string, caller: Caller): Promise<void> {
      const session = await sessions.findByToken(token);
      if (session) await end({ userId: session.userId, sessionId: session._id }, caller);
    },

    findLiveSessions: sessions.findLive,

    /** Notes that somebody was kept from trying: a page of another site, say. */
    noteDenied: (act: Act, caller: Caller): void => audit.noteFlood(act, "forbidden", {}, caller),

    /** Throws `session_revoked` where somebody's session has ended since they proved who they are. */
    async requireLive({ sessionId, userId }: Principal): Promise<void> {
      if (!(await sessions.find(sessionId, userId))) throw new AppError("session_revoked");
    },

    authenticate: createAuthentication({ tokens, users, sessions }),
  };
}

export type Auth = ReturnType<typeof createAuth>;

const whoIs = ({ _id, email }: UserDocument, sessionId: string) => ({
  userId: _id,
  email,
  sessionId,
});
