import { beforeEach, describe, expect, it } from "@jest/globals";
import { type SessionList, sessionList } from "../../protocol/auth.ts";
import { call, goodPassword, type TestClient } from "../support/client.ts";
import { eventually } from "./support/eventually.ts";
import { expectProblem } from "./support/problem.ts";
import { openRaw, readToEnd } from "./support/raw-http.ts";
import { callsWith, logIn, refresh } from "./support/sessions.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored } from "./support/stored.ts";
import { claimsOf, randomId } from "./support/tokens.ts";

const cluster = shareCluster({ api: 2, workers: 0 });
const nextPassword = "blue kettles hum at dusk";

let ann: TestClient;
beforeEach(async () => {
  ann = await cluster().signUp();
});

const { ask, auth } = callsWith(cluster);
const ownId = () => String(claimsOf(ann.token).sid);

describe("sessions", () => {
  it("are listed, the last used first, with where they are from", async () => {
    const headers = { "User-Agent": "Kettle/1.0" };
    const json = { email: ann.email, password: goodPassword };
    await call(ann.url, "/api/v1/auth/login", { method: "POST", headers, json });
    await refresh(ann.url, ann.refreshToken);

    const { body } = await auth(ann.token, "sessions", "GET");

    const { items } = sessionList.strict().parse(body);
    expect(items.map(({ current, userAgent }) => [current, userAgent])).toEqual([
      [true, "node"],
      [false, "Kettle/1.0"],
    ]);
    expect(items[0]).toMatchObject({ id: ownId(), ip: expect.stringMatching(/127\.0\.0\.1$/) });
    expect(Date.parse(items[0]?.lastUsedAt ?? "")).toBeGreaterThan(
      Date.parse(items[0]?.createdAt ?? ""),
    );
  });

  it("are nobody else's to see or to end", async () => {
    const bob = await cluster().signUp();

    const { body } = await auth(bob.token, "sessions", "GET");
    const ended = await auth(bob.token, `sessions/${ownId()}`, "DELETE");

    expect((body as SessionList).items.map(({ id }) => id)).toEqual([claimsOf(bob.token).sid]);
    expectProblem(ended, "not_found");
    expect((await ask(ann.token, "me")).status).toBe(200);
  });

  it("that end during an upload, on another node, have nothing of it taken in", async () => {
    const socket = await openRaw(cluster().url(1));
    const head = [
      "POST /api/v1/datasets?name=late.csv HTTP/1.1",
      `Authorization: Bearer ${ann.token}`,
      "Host: a",
      "Content-Type: text/csv",
      "Transfer-Encoding: chunked",
      "Connection: close",
    ];
    const before = await countStored(cluster());

    socket.write(`${head.join("\r\n")}\r\n\r\n5\r\nid\n1\n\r\n`);
    const begun = await eventually(
      () => countStored(cluster()),
      ({ uploads }) => uploads !== before.uploads,
    );
    await auth(ann.token, "logout");
    socket.write("0\r\n\r\n");
    const answer = await readToEnd(socket);

    expect(begun.uploads).toBe(1);
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"session_revoked"/);
    expect(await countStored(cluster())).toEqual(before);
  });

  it("end one by one, once, on every node", async () => {
    const phone = await logIn(ann.url, ann.email);

    const ended = await auth(ann.token, `sessions/${phone.sessionId}`, "DELETE");
    const again = await auth(ann.token, `sessions/${phone.sessionId}`, "DELETE");

    expect(ended.status).toBe(204);
    expectProblem(again, "not_found");
    for (const node of [0, 1]) {
      expectProblem(await ask(phone.accessToken, "me", "GET", undefined, node), "session_revoked");
    }
    expectProblem(await refresh(ann.url, phone.refreshToken), "session_revoked");
    expect((await ask(ann.token, "me")).status).toBe(200);
  });

  it("end by a logout, and no other of the user's does", async () => {
    const phone = await logIn(ann.url, ann.email);

    const logout = await auth(ann.token, "logout");

    expect([logout.status, logout.body]).toEqual([204, ""]);
    expectProblem(await ask(ann.token, "me"), "session_revoked");
    expectProblem(await auth(ann.token, "logout"), "session_revoked");
    expectProblem(await refresh(ann.url, ann.refreshToken), "session_revoked");
    expect((await ask(phone.accessToken, "me")).status).toBe(200);
  });

  it.each([
    ["POST", "auth/logout"],
    ["POST", "auth/password"],
    ["GET", "auth/sessions"],
    ["DELETE", `auth/sessions/${randomId()}`],
  ])("can't be handled without a token: %s %s", async (method, path) => {
    expectProblem(await ask("", path, method), "unauthorized");
  });

  it.each(["%24ne", "short", "a".repeat(23)])("can't be ended under the id %s", async (id) => {
    expectProblem(await auth(ann.token, `sessions/${id}`, "DELETE"), "not_found");
  });

  it("end what streams by them", async () => {
    const { body } = await ann.upload("a\n1\n");
    const headers = { Authorization: `Bearer ${ann.token}` };
    const at = `/api/v1/jobs/${body.job.id}/events`;
    const stream = await fetch(new URL(at, cluster().url(1)), { headers });

    await auth(ann.token, "logout");
    const text = await stream.text();

    expect(text).toMatch(/: The session has ended\.\n\n$/);
  });
});

describe("the audit trail", () => {
  type Line = Record<string, string | number | boolean>;
  const linesOf = (email: string, sessionId: string): Line[] => {
    const lines = cluster().api.flatMap((node) => node.output().trim().split("\n"));
    const trail = lines.map((line): Line => JSON.parse(line)).filter(({ audit }) => audit);
    return trail.filter((line) => line.email === email || line.sessionId === sessionId);
  };

  it("says who did what, from where and how it ended, and no secret", async () => {
    const wrong = "not the one that it is";
    await logIn(ann.url, ann.email, wrong).catch(() => {});
    const phone = await logIn(ann.url, ann.email);
    const { body } = await refresh(ann.url, phone.refreshToken);
    await refresh(ann.url, body.refreshToken);
    await refresh(ann.url, phone.refreshToken);
    await auth(ann.token, "password", "POST", { current: goodPassword, next: nextPassword });
    await auth(ann.token, "logout");

    // What a process prints comes by another way than its answers.
    const trail = await eventually(
      async () => linesOf(ann.email, phone.sessionId),
      (lines) => lines.length >= 6,
    );
    expect(trail.map(({ act, outcome }) => [act, outcome])).toEqual([
      ["register", "ok"],
      ["login", "invalid_credentials"],
      ["login", "ok"],
      ["refresh", "token_reused"],
      ["password_change", "ok"],
      ["session_end", "ok"],
    ]);
    for (const line of trail) {
      expect(line).toMatchObject({ ip: expect.stringContaining("127.0.0.1"), userAgent: "node" });
      expect(line.at).toMatch(/^\d{4}-.*Z$/);
    }
    const output = cluster()
      .api.map((node) => node.output())
      .join("");
    const secrets = [wrong, goodPassword, nextPassword, phone.refreshToken, phone.accessToken];
    for (const secret of secrets) expect(output).not.toContain(secret);
  });
});
