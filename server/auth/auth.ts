import type { z } from "zod";
import type { loginBody, registerBody, SignedIn, User } from "../../protocol/auth.ts";
import { AppError } from "../errors.ts";
import { createId } from "../infrastructure/ids.ts";
import { type Connection, isDuplicate } from "../infrastructure/mongo.ts";
import { type SigningKey, toJwks } from "./keys.ts";
import { hashPassword, isPassword, refuseCommonPassword } from "./passwords.ts";
import type { Principal } from "./principal.ts";
import { createSessionModel } from "./session.model.ts";
import { createTokens } from "./tokens.ts";
import { createUserModel, type UserDocument } from "./user.model.ts";

/** Where a sign-in comes from, for the session's record. */
export type Caller = { userAgent: string; ip: string };

type Deps = {
  connection: Connection;
  keys: readonly [SigningKey, ...SigningKey[]];
  accessTokenSeconds: number;
};

export function createAuth({ connection, keys, accessTokenSeconds }: Deps) {
  const users = createUserModel(connection);
  const sessions = createSessionModel(connection);
  const tokens = createTokens(keys, accessTokenSeconds);

  async function signIn(user: UserDocument, caller: Caller): Promise<SignedIn> {
    const now = new Date();
    const sessionId = createId();
    const expiresAt = new Date(now.getTime() + tokens.seconds * 1000);
    await sessions.create({
      _id: sessionId,
      userId: user._id,
      userAgent: caller.userAgent.slice(0, 400),
      ip: caller.ip,
      createdAt: now,
      expiresAt,
    });
    return {
      accessToken: tokens.sign({ id: user._id, roles: user.roles }, sessionId),
      tokenType: "Bearer",
      expiresIn: tokens.seconds,
      user: toUser(user),
    };
  }

  return {
    jwks: toJwks(keys),
    createIndexes: async () => {
      await users.createIndexes();
      await sessions.createIndexes();
    },

    async register(body: z.output<typeof registerBody>, caller: Caller): Promise<SignedIn> {
      refuseCommonPassword(body.password, body.email);
      const user: UserDocument = {
        _id: createId(),
        email: body.email,
        emailKey: body.email.toLowerCase(),
        name: body.name ?? body.email.slice(0, body.email.indexOf("@")).slice(0, 100),
        passwordHash: await hashPassword(body.password),
        roles: ["user"],
        createdAt: new Date(),
      };
      await users.create(user).catch((err: unknown) => {
        throw isDuplicate(err)
          ? new AppError("conflict", "This email has an account already.")
          : err;
      });
      return signIn(user, caller);
    },

    async login(body: z.output<typeof loginBody>, caller: Caller): Promise<SignedIn> {
      const user = await users.findOne({ emailKey: body.email.toLowerCase() }).lean();
      if (!(await isPassword(body.password, user?.passwordHash ?? null)) || !user) {
        throw new AppError("invalid_credentials");
      }
      return signIn(user, caller);
    },

    /** Proves who is asking; throws `unauthorized`, `token_expired` or `session_revoked`. */
    async authenticate(token: unknown): Promise<Principal> {
      const { sub, sid, exp } = tokens.verify(token);
      const [user, session] = await Promise.all([
        users.findById(sub).lean(),
        sessions.findOne({ _id: sid, userId: sub }).lean(),
      ]);
      if (!user || !session) throw new AppError("session_revoked");
      return { ...toPrincipal(user), sessionId: sid, expiresAt: new Date(exp * 1000) };
    },
  };
}

export type Auth = ReturnType<typeof createAuth>;

const toPrincipal = ({ _id, email, name, roles, createdAt }: UserDocument) => ({
  userId: _id,
  email,
  name,
  roles,
  createdAt,
});

function toUser({ _id, email, name, roles, createdAt }: UserDocument): User {
  return { id: _id, email, name, roles, createdAt: createdAt.toISOString() };
}
