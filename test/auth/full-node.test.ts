import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { type Auth, createAuth } from "../../server/auth/auth.ts";
import { readSigningKeys } from "../../server/auth/keys.ts";
import { limitLogins } from "../../server/auth/login-limits.ts";
import { createRates } from "../../server/infrastructure/rates.ts";
import { goodPassword } from "../support/client.ts";
import { openOwnStores, testKey } from "../support/cluster.ts";

const logger = pino({ level: "silent" });
const caller = { ip: "192.0.2.7", userAgent: "a test", requestId: "1" };
const email = "ann@example.com";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
let auth: Auth;
beforeAll(async () => {
  stores = await openOwnStores();
  const { connection, cacheRedis: redis, prefix } = stores;
  const keys = readSigningKeys(testKey);
  const common = { connection, logger, secret: "x".repeat(32), keys, accessTokenSeconds: 900 };
  const users = createAuth({ ...common, onEnded: () => {} });
  await users.createIndexes();
  const createRate = createRates({ redis, prefix });
  const limits = { loginPerMinute: 1000, loginFailures: 5 };
  auth = await limitLogins({ logger, auth: users, connection, redis, prefix, createRate, limits });
  await auth.register({ email, password: goodPassword, refresh: "body" }, caller);
});
afterAll(() => stores.close());

/** Takes every place there is. */
function takeAll(): (() => void)[] {
  const taken: (() => void)[] = [];
  for (;;) {
    try {
      taken.push(auth.enter());
    } catch {
      return taken;
    }
  }
}

/** Commands that MongoDB gets meanwhile, and keys that are new in Redis. */
async function costOf(work: () => Promise<unknown>) {
  const { connection, cacheRedis, prefix } = stores;
  const keys = () => cacheRedis.keys(`${prefix}:*`);
  const before = new Set(await keys());
  await connection.db?.setProfilingLevel("all");
  await work();
  await connection.db?.setProfilingLevel("off");
  const profile = connection.db?.collection("system.profile");
  const commands = await profile?.countDocuments({ "command.profile": { $exists: false } });
  await profile?.drop();
  return { commands, keys: (await keys()).filter((key) => !before.has(key)) };
}

describe("a node with as many sign-ins under way as it has places for", () => {
  it("refuses more at once, asks no store about them and counts no failure", async () => {
    const login = (whom: string, password: string) =>
      auth.login({ email: whom, password, refresh: "body" }, caller);
    const strangers = Array.from({ length: 10 }, (_, i) => `nobody-${i}@example.com`);
    const asks = [
      ...strangers.map((stranger) => () => login(stranger, goodPassword)),
      ...strangers.map(() => () => login(email, "not the password at all")),
      () =>
        auth.register(
          { email: "bob@example.com", password: goodPassword, refresh: "body" },
          caller,
        ),
    ];
    const places = takeAll();

    const answers: unknown[] = [];
    const cost = await costOf(async () => {
      for (const ask of asks) answers.push(await ask().catch((err: unknown) => err));
    });
    places.pop()?.();
    const owner = await login(email, goodPassword);
    const one = await costOf(() => login(strangers[0] ?? "", goodPassword).catch(() => {}));

    expect(places.length).toBeGreaterThanOrEqual(100);
    const refusal = expect.objectContaining({ code: "rate_limited", retryAfter: 3 });
    expect(answers).toEqual(answers.map(() => refusal));
    expect(cost).toEqual({ commands: 0, keys: [] });
    expect(owner.signedIn.user.email).toBe(email);
    expect(one.commands).toBeGreaterThan(0);
  });
});
