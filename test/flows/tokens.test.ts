import { beforeAll, describe, expect, it } from "@jest/globals";
import { call, createClient, type TestClient } from "../support/client.ts";
import { testKey } from "../support/cluster.ts";
import { forgeries, otherKey } from "./support/forgeries.ts";
import { openConnection } from "./support/handshake.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { headerOf, resign } from "./support/tokens.ts";

const cluster = shareCluster({ api: 1, workers: 0 });
const now = () => Math.floor(Date.now() / 1000);
describe("an access token", () => {
  let ann: TestClient;
  beforeAll(async () => {
    ann = await cluster().signUp();
  });

  it.each(forgeries)("is refused with %s", async (_what, forge, code) => {
    const token = forge(ann);
    const answer = await ann.call("/api/v1/me", { token });
    const connection = await openConnection(ann.url, { auth: { token } });

    expectProblem(answer, code);
    expect(connection).toMatchObject({ refused: { code } });
  });

  it("is taken when it was resigned with nothing changed, up to 5 s ahead of our clock", async () => {
    const answers = [
      resign(ann.token, {}),
      resign(ann.token, { iat: now() + 3, nbf: now() + 3 }),
    ].map((token) => ann.call("/api/v1/me", { token }));

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("ends with its user and with its session", async () => {
    const [bob, cleo] = [await cluster().signUp(), await cluster().signUp()];
    const { mongo } = cluster();
    await mongo.collection<{ _id: string }>("users").deleteOne({ _id: bob.user.id });
    await mongo.collection("sessions").deleteOne({ userId: cleo.user.id });

    const answers = [await bob.call("/api/v1/me"), await cleo.call("/api/v1/datasets")];
    const connection = await openConnection(bob.url, { auth: { token: bob.token } });

    for (const answer of answers) expectProblem(answer, "session_revoked");
    expect(connection).toMatchObject({ refused: { code: "session_revoked" } });
  });

  it("is not another user's when only its subject is changed", async () => {
    const bob = await cluster().signUp();

    const answer = await ann.call("/api/v1/me", {
      token: resign(ann.token, { sub: bob.user.id }),
    });

    expectProblem(answer, "session_revoked");
  });

  it.each(["token", "access_token"])("never counts in a query string, as %s", async (name) => {
    const bare = await call(ann.url, `/api/v1/me?${name}=${ann.token}`);
    const beside = await ann.call(`/api/v1/me?${name}=${ann.token}`);
    const connection = await openConnection(ann.url, { query: { [name]: ann.token } });

    expectProblem(bare, "unauthorized");
    expectProblem(beside, "unauthorized");
    expect(connection).toMatchObject({ refused: { code: "unauthorized" } });
    expect(cluster().api[0]?.output()).not.toContain(ann.token);
  });

  it.each(["Basic", "bearer x", ""])("is refused under the scheme %p", async (scheme) => {
    const headers = { Authorization: `${scheme} ${ann.token}` };
    const answer = await call(ann.url, "/api/v1/me", { headers });

    expectProblem(answer, "unauthorized");
  });

  it("is refused by its size alone when it is huge, and the node lives on", async () => {
    const answer = await call(ann.url, "/api/v1/me", { token: "a".repeat(100_000) });

    expect(answer.status).toBe(431);
    expect((await ann.call("/api/v1/me")).status).toBe(200);
  });
});

describe("the keys", () => {
  it("are published without what is secret about them", async () => {
    const { body } = await call(cluster().url(), "/.well-known/jwks.json");

    const keys = (body as { keys: object[] }).keys;
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual([
      "alg",
      "crv",
      "kid",
      "kty",
      "use",
      "x",
      "y",
    ]);
  });

  it("all verify while the first of them signs", async () => {
    const ann = await cluster().signUp();
    const both = await cluster().start("api", 7, { JWT_PRIVATE_KEYS: `${otherKey}\n${testKey}` });

    const url = both.url ?? "";
    const bob = await createClient(url);
    const { body } = await call(url, "/.well-known/jwks.json");
    const old = await ann.call("/api/v1/me", {}, url);
    const fresh = await bob.call("/api/v1/me", {}, cluster().url());

    const kids = (body as { keys: { kid: string }[] }).keys.map((key) => key.kid);
    expect(kids).toEqual([headerOf(bob.token).kid, headerOf(ann.token).kid]);
    expect(old.status).toBe(200);
    expectProblem(fresh, "unauthorized");
  });
});
