import { beforeAll, describe, expect, it } from "@jest/globals";
import type { SignedIn } from "../../protocol/auth.ts";
import { signedIn } from "../../protocol/auth.ts";
import { call, type TestClient } from "../support/client.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { age, logIn, refresh, sidOf } from "./support/sessions.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { claimsOf } from "./support/tokens.ts";

const cluster = shareCluster({ api: 2, workers: 0 });
const dayMs = 24 * 3600 * 1000;

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

/** A session of Ann's own for each test. */
const begin = () => logIn(ann.url, ann.email);
const next = (token: string, node = 0) => refresh(cluster().url(node), token);
const tokenOf = ({ body }: { body: SignedIn }) => body.refreshToken ?? "";
const me = (token: string, node = 0) => call(cluster().url(node), "/api/v1/me", { token });
const stored = async (sessionId: string) => {
  const sessions = cluster().mongo.collection<{ _id: string; expiresAt: Date; createdAt: Date }>(
    "sessions",
  );
  return sessions.findOne({ _id: sessionId });
};

describe("a refresh token", () => {
  it("gives a new pair of the same session on any node, and is stored only as a hash", async () => {
    const first = await begin();

    const second = await next(first.refreshToken, 1);
    const third = await next(tokenOf(second), 0);

    for (const { status, body } of [second, third]) {
      expect(status).toBe(200);
      expect(signedIn.strict().parse(body).user).toEqual(first.user);
      expect(sidOf(body)).toBe(first.sessionId);
      expect((await me(body.accessToken)).status).toBe(200);
    }
    const text = JSON.stringify(await stored(first.sessionId));
    for (const token of [first.refreshToken, tokenOf(second), tokenOf(third)]) {
      expect(token).toMatch(/^[\w-]{60,}$/);
      expect(text).not.toContain(token);
    }
  });

  it("gives the same successor again while that is unused, as after a lost answer", async () => {
    const { refreshToken } = await begin();

    const answers = [await next(refreshToken, 0), await next(refreshToken, 1)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(tokenOf(answers[1] as never)).toBe(tokenOf(answers[0] as never));
  });

  it("leads a hundred who come at once to one successor, and throws nobody out", async () => {
    const { refreshToken } = await begin();

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => next(refreshToken, i % 2)),
    );
    const [token, ...others] = new Set(answers.map(tokenOf));
    const after = await next(token ?? "");

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(others).toEqual([]);
    expect(after.status).toBe(200);
  });

  it.each([
    [
      "after the grace",
      async (token: string, sessionId: string) => {
        await next(token);
        await age(cluster(), sessionId, { spentAt: 10_100 });
      },
    ],
    [
      "inside the grace, once its successor was used",
      async (token: string) => {
        await next(tokenOf(await next(token)));
      },
    ],
  ])("used again %s ends the session", async (_when, spend) => {
    const { refreshToken, accessToken, sessionId } = await begin();
    const other = await begin();
    await spend(refreshToken, sessionId);
    const newest = await next(refreshToken, 1);

    const after = await me(accessToken, 0);
    const again = await next(refreshToken);

    expectProblem(newest, "token_reused");
    expectProblem(after, "session_revoked");
    expectProblem(again, "session_revoked");
    expect(await stored(sessionId)).toBeNull();
    expect((await me(other.accessToken)).status).toBe(200);
  });

  it("lasts 30 days from its last use and at most 90 from the sign-in, its access token too", async () => {
    const { refreshToken, sessionId } = await begin();
    const about = (ms: number) => ({
      asymmetricMatch: (date: Date) => Math.abs(date.getTime() - ms) < 60_000,
    });

    await age(cluster(), sessionId, { createdAt: 20 * dayMs });
    const second = await next(refreshToken);
    const early = await stored(sessionId);
    await age(cluster(), sessionId, { createdAt: 90 * dayMs - 60_000 });
    const third = await next(tokenOf(second));
    const late = await stored(sessionId);

    expect(early?.expiresAt).toEqual(about(Date.now() + 30 * dayMs));
    expect(second.body.expiresIn).toBe(900);
    expect(late?.expiresAt).toEqual(new Date((late?.createdAt.getTime() ?? 0) + 90 * dayMs));
    expect(third.body.expiresIn).toBeLessThanOrEqual(60);
    const { iat, exp } = claimsOf(third.body.accessToken) as { iat: number; exp: number };
    expect(exp - iat).toBe(third.body.expiresIn);
  });

  it("ends with its session's time, as the access token does", async () => {
    const { refreshToken, accessToken, sessionId } = await begin();

    await age(cluster(), sessionId, { expiresAt: 1 });

    expectProblem(await next(refreshToken), "session_revoked");
    expectProblem(await me(accessToken), "session_revoked");
  });

  it("is no access token, nor the reverse", async () => {
    const { refreshToken, accessToken } = await begin();

    expectProblem(await me(refreshToken), "unauthorized");
    expectProblem(await next(accessToken), "unauthorized");
    expect((await next(refreshToken)).status).toBe(200);
  });

  it.each([
    ["a list", ["a"], "validation_failed"],
    ["a number", 1, "validation_failed"],
    ["an operator", { $ne: "" }, "validation_failed"],
    ["nothing", "", "unauthorized"],
    ["what nobody gave out", "A".repeat(86), "unauthorized"],
    ["left out", undefined, "unauthorized"],
  ] as const)("is refused when it is %s", async (_what, token, code) => {
    const problem = expectProblem(await next(token as string), code);

    if (code === "validation_failed") expect(pathsOf(problem)).toEqual(["refreshToken"]);
  });

  it("needs no access token beside it, and is none that a query may hold", async () => {
    const { refreshToken } = await begin();
    const path = "/api/v1/auth/refresh";

    const inQuery = await call(ann.url, `${path}?refreshToken=${refreshToken}`, { method: "POST" });
    const headers = { Authorization: "Bearer nonsense" };
    const json = { refreshToken };
    const beside = await call(ann.url, path, { method: "POST", headers, json });

    expectProblem(inQuery, "validation_failed");
    expect(beside.status).toBe(200);
  });
});
