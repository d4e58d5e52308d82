import { beforeAll, describe, expect, it } from "@jest/globals";
import type { SignedIn } from "../../protocol/auth.ts";
import { type Answer, call, goodPassword } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { logIn } from "./support/sessions.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId } from "./support/tokens.ts";

const friend = "https://app.example";
const home = "https://sluice.example";
const env = { ALLOWED_ORIGINS: friend, PUBLIC_URL: `${home}/somewhere` };
const cluster = shareCluster({ api: 1, workers: 0, env });

type Headers = Record<string, string>;
type Sent = { headers?: Headers; json?: unknown; url?: string };
const post = <T = SignedIn>(path: string, { headers = {}, json, url }: Sent = {}) =>
  call<T>(url ?? cluster().url(), `/api/v1/auth/${path}`, { method: "POST", headers, json });

const email = `${randomId()}@example.com`;
beforeAll(() => post("register", { json: { email, password: goodPassword } }));

const cookieOf = ({ headers }: Answer) => headers.getSetCookie().at(-1) ?? "";
const pairOf = (answer: Answer) => cookieOf(answer).split(";")[0] ?? "";
const signIn = (sent: Sent = {}) =>
  post("login", { ...sent, json: { email, password: goodPassword, refresh: "cookie" } });

describe("the cookie of a session", () => {
  it("holds the refresh token where no script and no other call sees it", async () => {
    const registered = await post("register", {
      json: { email: `${randomId()}@example.com`, password: goodPassword, refresh: "cookie" },
    });
    const login = await signIn();

    for (const answer of [registered, login]) {
      expect(answer.body.accessToken).toBeDefined();
      expect(answer.body).not.toHaveProperty("refreshToken");
      const [pair, ...rules] = cookieOf(answer).split("; ");
      expect(pair).toMatch(/^__Secure-sluice_refresh=[\w-]{86}$/);
      expect(rules).toEqual([
        "Path=/api/v1/auth",
        expect.stringMatching(/^Max-Age=(2592000|2591999)$/),
        "HttpOnly",
        "SameSite=Strict",
        "Secure",
      ]);
    }
  });

  it("is set on plain HTTP in development", async () => {
    const node = await cluster().start("api", 1, { NODE_ENV: "development" });

    const login = await signIn({ url: node.url ?? "" });

    expect(cookieOf(login)).toMatch(/^sluice_refresh=[\w-]{86}; /);
    expect(cookieOf(login)).not.toContain("Secure");
  });

  it.each([
    ["its own host", () => cluster().url()],
    ["an allowed origin", () => friend],
    ["the public URL", () => home],
  ])("is taken from a page of %s, and passed on", async (_whose, origin) => {
    const login = await signIn();
    const headers = { Cookie: pairOf(login), Origin: new URL(origin()).origin };

    const answer = await post("refresh", { headers });
    const after = await post("refresh", { headers: { ...headers, Cookie: pairOf(answer) } });

    expect([answer.status, after.status]).toEqual([200, 200]);
    expect(answer.body).not.toHaveProperty("refreshToken");
    expect(new Set([login, answer, after].map(pairOf)).size).toBe(3);
  });

  it.each([
    ["another site", { Origin: "https://evil.example" }],
    ["another port", { Origin: "http://127.0.0.1:1" }],
    ["a sandboxed page", { Origin: "null" }],
    ["whoever doesn't say", {}],
  ])("is refused from %s, for refresh and logout alike", async (_whose, given: Headers) => {
    const login = await signIn();
    const headers = { Cookie: pairOf(login), ...given };

    const answers = [await post("refresh", { headers }), await post("logout", { headers })];

    for (const answer of answers) {
      expectProblem(answer, "forbidden");
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const ours = { Cookie: pairOf(login), Origin: cluster().url() };
    expect((await post("refresh", { headers: ours })).status).toBe(200);
  });

  it("isn't given to a page of another site", async () => {
    const answer = await signIn({ headers: { Origin: "https://evil.example" } });

    expectProblem(answer, "forbidden");
  });

  it("doesn't count beside a token in the body, whose successor comes in the body", async () => {
    const login = await signIn();
    const { refreshToken } = await logIn(cluster().url(), email);
    const headers = { Cookie: pairOf(login) };

    const answer = await post("refresh", { headers, json: { refreshToken } });

    expect(answer.body.refreshToken).toMatch(/^[\w-]{86}$/);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("ends its session by itself, and is gone then", async () => {
    const login = await signIn();
    const headers = { Cookie: pairOf(login), Origin: cluster().url() };

    const logout = await post("logout", { headers });
    const me = await call(cluster().url(), "/api/v1/me", { token: login.body.accessToken });
    const refresh = await post("refresh", { headers });

    expect(logout.status).toBe(204);
    expect(cookieOf(logout)).toMatch(/^__Secure-sluice_refresh=; .*Max-Age=0/);
    expectProblem(me, "session_revoked");
    expectProblem(refresh, "session_revoked");
  });

  it.each(["nonsense", "A".repeat(86), ""])("is refused when it is %p", async (value) => {
    const Cookie = `__Secure-sluice_refresh=${value}`;

    const answer = await post("refresh", { headers: { Cookie, Origin: cluster().url() } });

    expectProblem(answer, "unauthorized");
  });
});
