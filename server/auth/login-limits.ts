import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { networkOf } from "../infrastructure/address.ts";
import type { Connection } from "../infrastructure/mongo.ts";
import { type CreateRate, tooOften } from "../infrastructure/rates.ts";
import type { Auth } from "./auth.ts";
import type { Caller } from "./caller.ts";
import { createFailures } from "./failures.ts";
import { createKnownAddressModel } from "./known-address.model.ts";

type Deps = {
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

  const remember = (id: string) =>
    known.updateOne({ _id: id }, { $set: { signedInAt: new Date() } }, { upsert: true });

  /** Each try is taken for a failure until it is none. */
  async function countFailure(account: string): Promise<void> {
    const waitMs = await failures.count(account);
    if (waitMs > 0) throw tooOften("Too many failed sign-ins; try again later.", waitMs);
  }

  return {
    ...auth,

    async register(body, caller) {
      await tries.take(networkOf(caller.ip));
      const signedIn = await auth.register(body, caller);
      await remember(hashOf(body.email, caller));
      return signedIn;
    },

    async login(body, caller) {
      await tries.take(networkOf(caller.ip));
      const fromHere = hashOf(body.email, caller);
      const isKnown = (await known.exists({ _id: fromHere })) !== null;
      const account = isKnown ? fromHere : hashOf(body.email);
      await countFailure(account);
      const signedIn = await auth.login(body, caller);
      void failures.forget(account);
      await remember(fromHere);
      return signedIn;
    },

    /** Whoever holds a session may not guess the password either. */
    async changePassword(principal, body, caller) {
      const account = hashOf(`${principal.userId} by a session`);
      await countFailure(account);
      await auth.changePassword(principal, body, caller);
      void failures.forget(account);
    },
  };
}

/** An account, alone or at a network; an email may be none of ours, and is kept nowhere. */
function hashOf(email: string, caller?: Caller): string {
  const parts = [email.toLowerCase(), ...(caller ? [networkOf(caller.ip)] : [])];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
