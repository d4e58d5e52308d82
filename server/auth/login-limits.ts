import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import { networkOf } from "../infrastructure/address.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { Connection } from "../infrastructure/mongo.ts";
import { type CreateRate, tooOften } from "../infrastructure/rates.ts";
import { type Act, createAudit, shownEmail, type Who } from "./audit.ts";
import type { Auth } from "./auth.ts";
import type { Caller } from "./caller.ts";
import { createFailures } from "./failures.ts";
import { createKnownAddressModel } from "./known-address.model.ts";

type Deps = {
  logger: Logger;
  auth: Auth;
  connection: Connection;
  redis: Redis;
  prefix: string;
  createRate: CreateRate;
  limits: { loginPerMinute: number; loginFailures: number };
};

/**
 * Sign-in and registration, so many a minute and address, and so many failures an account. An address that
 * has signed in to the account lately fails on its own account: no stranger's guesses lock an owner out.
 */
export async function limitLogins(deps: Deps): Promise<Auth> {
  const { auth, connection, createRate, limits } = deps;
  const { loginPerMinute } = limits;
  const known = createKnownAddressModel(connection);
  await known.createIndexes();
  const failures = createFailures({ ...deps, most: limits.loginFailures });
  const tries = createRate({
    name: "login",
    perSecond: loginPerMinute / 60,
    burst: loginPerMinute,
    message: "Too many sign-ins from this address; try again later.",
  });

  const audit = createAudit(deps.logger);

  /** Asks a limit, and notes where it said no. */
  async function ask<T>(
    act: Act,
    who: Who,
    caller: Caller,
    take: () => T | Promise<T>,
  ): Promise<T> {
    try {
      return await take();
    } catch (err) {
      if (err instanceof AppError) audit.noteFlood(act, err.code, who, caller);
      throw err;
    }
  }

  /** Without a place nothing is read, and no failure counted: nobody's password was looked at. */
  async function inside<T>(act: Act, who: Who, caller: Caller, work: () => Promise<T>) {
    const leave = await ask(act, who, caller, auth.enter);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  const remember = (id: string) =>
    known.updateOne({ _id: id }, { $set: { signedInAt: new Date() } }, { upsert: true });

  /** Each try is taken for a failure until it is none. */
  async function countFailure(account: string): Promise<void> {
    const waitMs = await failures.count(account);
    if (waitMs > 0) throw tooOften("Too many failed sign-ins; try again later.", waitMs);
  }

  return {
    ...auth,

    register(body, caller) {
      const who = shownEmail(body.email);
      return inside("register", who, caller, async () => {
        await ask("register", who, caller, () => tries.take(networkOf(caller.ip)));
        const signedIn = await auth.register(body, caller);
        await remember(hashOf(body.email, caller));
        return signedIn;
      });
    },

    login(body, caller) {
      const who = shownEmail(body.email);
      return inside("login", who, caller, async () => {
        await ask("login", who, caller, () => tries.take(networkOf(caller.ip)));
        const fromHere = hashOf(body.email, caller);
        const isKnown = (await known.exists({ _id: fromHere })) !== null;
        const account = isKnown ? fromHere : hashOf(body.email);
        await ask("login", who, caller, () => countFailure(account));
        const signedIn = await auth.login(body, caller);
        void failures.forget(account);
        await remember(fromHere);
        return signedIn;
      });
    },

    /** Whoever holds a session may not guess the password either. */
    changePassword(principal, body, caller) {
      const { userId, sessionId, email } = principal;
      const account = hashOf(`${userId} by a session`);
      const who = { userId, sessionId, email };
      return inside("password_change", who, caller, async () => {
        await ask("password_change", who, caller, () => countFailure(account));
        await auth.changePassword(principal, body, caller);
        void failures.forget(account);
      });
    },
  };
}

/** An account, alone or at a network; an email may be none of ours, and is kept nowhere. */
function hashOf(email: string, caller?: Caller): string {
  const parts = [email.toLowerCase(), ...(caller ? [networkOf(caller.ip)] : [])];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
