import { beforeEach, describe, expect, it } from "@jest/globals";
import type { SessionList } from "../../protocol/auth.ts";
import { openProxy } from "../faults/support/proxy.ts";
import { throughProxy } from "../faults/support/slow-link.ts";
import { goodPassword, type TestClient } from "../support/client.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { callsWith, logIn, refresh, sidOf } from "./support/sessions.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { claimsOf } from "./support/tokens.ts";

const cluster = shareCluster({ api: 2, workers: 0 });
const nextPassword = "blue kettles hum at dusk";

let ann: TestClient;
beforeEach(async () => {
  ann = await cluster().signUp();
});

const { ask, auth } = callsWith(cluster);
const ownId = () => String(claimsOf(ann.token).sid);

describe("a new password", () => {
  const change = (json: unknown, token = ann.token) => auth(token, "password", "POST", json);

  it("ends every other session, and is the one to sign in with", async () => {
    const phone = await logIn(ann.url, ann.email);

    const changed = await change({ current: goodPassword, next: nextPassword });
    const old = await logIn(ann.url, ann.email).catch((err: unknown) => err);
    const fresh = await logIn(ann.url, ann.email, nextPassword);

    expect(changed.status).toBe(204);
    expect(old).toBeInstanceOf(Error);
    expect(fresh.user.email).toBe(ann.email);
    expectProblem(await ask(phone.accessToken, "me", "GET", undefined, 1), "session_revoked");
    expectProblem(await refresh(ann.url, phone.refreshToken), "session_revoked");
    expect((await ask(ann.token, "me")).status).toBe(200);
    expect((await refresh(ann.url, ann.refreshToken)).status).toBe(200);
  });

  it.each([
    ["is too short", "short", "next"],
    ["is guessed first", "passwordpassword123", "next"],
    ["is none", undefined, "next"],
  ])("is refused when it %s", async (_what, next, path) => {
    const problem = expectProblem(
      await change({ current: goodPassword, next }),
      "validation_failed",
    );

    expect(pathsOf(problem)).toEqual([path]);
  });

  it("needs the present one", async () => {
    const answer = await change({ current: "not the one that it is", next: nextPassword });

    expectProblem(answer, "invalid_credentials");
    expect((await logIn(ann.url, ann.email)).user.email).toBe(ann.email);
  });

  it("lets nobody in who was just signing in with the old one", async () => {
    const { MONGODB_URI } = cluster().settings;
    await using mongo = await openProxy(MONGODB_URI);
    const env = { MONGODB_URI: throughProxy(MONGODB_URI, mongo.port) };
    const node = await cluster().start("api", 2, env);
    const url = node.url ?? "";
    // The account is read, and its answer held; then the password is right, and the new session is held.
    mongo.toClient.set({ isStalled: true });
    const isRead = mongo.toClient.untilHeld();
    const login = logIn(url, ann.email).then(
      (body) => body,
      (err: Error) => err.message,
    );
    await isRead;
    mongo.toServer.set({ isStalled: true });
    const isCompared = mongo.toServer.untilHeld();
    mongo.toClient.set({ isStalled: false });
    await isCompared;

    const changed = await change({ current: goodPassword, next: nextPassword });
    mongo.toServer.set({ isStalled: false });

    expect(changed.status).toBe(204);
    expect(await login).toContain("invalid_credentials");
    const { body } = await auth(ann.token, "sessions", "GET");
    expect((body as SessionList).items.map(({ id }) => id)).toEqual([ownId()]);
    await node.kill();
  });

  it("is set by one of several who try at once, and no sign-in with the old one lasts", async () => {
    const logins = Array.from({ length: 4 }, () => logIn(ann.url, ann.email).catch(() => null));

    const changes = [0, 1].map((node) =>
      ask(ann.token, "auth/password", "POST", { current: goodPassword, next: nextPassword }, node),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    const known = (await Promise.all(logins)).filter((login) => login !== null);

    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    for (const login of known) {
      expect(sidOf(login)).not.toBe(ownId());
      expectProblem(await ask(login.accessToken, "me"), "session_revoked");
    }
    const { body } = await auth(ann.token, "sessions", "GET");
    expect((body as SessionList).items.map(({ id }) => id)).toEqual([ownId()]);
  });
});
