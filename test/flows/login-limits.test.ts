import { beforeEach, describe, expect, it } from "@jest/globals";
import { call, goodPassword } from "../support/client.ts";
import { expectProblem, withoutId } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({
  api: 2,
  workers: 0,
  env: { LIMIT_LOGIN_FAILURES: "5", TRUSTED_PROXY_HOPS: "1" },
});

let addresses = 0;
const nextAddress = () => `203.0.113.${++addresses % 250}`;
const login = (email: string, password: string, address: string, node = 0) =>
  call(cluster().url(node), "/api/v1/auth/login", {
    method: "POST",
    json: { email, password },
    headers: { "X-Forwarded-For": `198.51.100.1, ${address}` },
  });

let email = "";
const home = "192.0.2.7";
beforeEach(async () => {
  ({ email } = await cluster().signUp(0, { "X-Forwarded-For": home }));
});

/** Wrong passwords, each from another address, over both nodes and at once. */
const guess = (whom: string, times: number) =>
  Promise.all(
    Array.from({ length: times }, (_, i) => login(whom, `wrong ${i}`, nextAddress(), i % 2)),
  );

/** As if the account's delays had run out. */
async function letTimePass(): Promise<void> {
  const { redis, settings } = cluster();
  for (const key of await redis.keys(`${settings.REDIS_PREFIX}:*:failures`)) {
    await redis.hset(key, "closedUntil", 1);
  }
}

describe("failed sign-ins", () => {
  it("are five an account, wherever they come from and however many at once", async () => {
    const answers = await guess(email, 40);

    const [refused] = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    if (!refused) throw new Error("nobody was refused");
    const { retryAfter } = expectProblem(refused, "rate_limited");
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(15);
  });

  it("don't lock the owner out, where the owner has signed in before", async () => {
    await guess(email, 10);

    const owner = await login(email, goodPassword, home, 1);
    const stranger = await login(email, goodPassword, nextAddress());

    expect(owner.status).toBe(200);
    expectProblem(stranger, "rate_limited");
  });

  it("of a known address are counted, too", async () => {
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(await login(email, "wrong", home, i % 2));

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it("are followed by a delay that doubles up to 15 minutes, and forgotten with a success", async () => {
    const delays: number[] = [];
    await guess(email, 5);
    for (let i = 0; i < 8; i++) {
      const refused = await login(email, "wrong", "203.0.113.251");
      delays.push(expectProblem(refused, "rate_limited").retryAfter ?? 0);
      await letTimePass();
      await login(email, "wrong", "203.0.113.252");
    }
    await letTimePass();
    const owner = await login(email, goodPassword, "203.0.113.253");
    const after = await guess(email, 5);

    const steps = [15, 30, 60, 120, 240, 480, 900, 900];
    for (const [i, delay] of delays.entries()) {
      expect(delay).toBeLessThanOrEqual(steps[i] ?? 0);
      expect(delay).toBeGreaterThan((steps[i] ?? 0) - 10);
    }
    expect(owner.status).toBe(200);
    expect(after.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it("of an email that nobody has look just the same", async () => {
    const nobody = `nobody-${email}`;

    const [known, unknown] = [await guess(email, 1), await guess(nobody, 1)];
    await Promise.all([guess(email, 10), guess(nobody, 10)]);
    const refused = [await guess(email, 1), await guess(nobody, 1)] as const;

    expect(withoutId(known[0]?.body)).toEqual(withoutId(unknown[0]?.body));
    const strip = (body: unknown) => ({ ...withoutId(body), retryAfter: 0 });
    expect(strip(refused[0][0]?.body)).toEqual(strip(refused[1][0]?.body));
  });
});

describe("a change of password", () => {
  it("is no way to guess it for whoever holds a session", async () => {
    const ann = await cluster().signUp();
    const change = (current: string, node = 0) =>
      ann.call(
        "/api/v1/auth/password",
        { method: "POST", json: { current, next: `${goodPassword} again` } },
        cluster().url(node),
      );

    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, i) => change(`wrong wrong wrong ${i}`, i % 2)),
    );
    const right = await change(goodPassword);
    await letTimePass();
    const later = await change(goodPassword);

    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    expectProblem(right, "rate_limited");
    expect(later.status).toBe(204);
  });
});
