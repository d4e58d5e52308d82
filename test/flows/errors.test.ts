import { beforeAll, describe, expect, it } from "@jest/globals";
import type { ErrorCode } from "../../protocol/errors.ts";
import { type Answer, call, goodPassword, type TestClient } from "../support/client.ts";
import { expectProblem, pathsOf, withoutId } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId, resign } from "./support/tokens.ts";

const cluster = shareCluster({ api: 1, workers: 0, env: { LIMIT_JOBS: "1" } });
const datasets = "/api/v1/datasets";
const post = (json: unknown) => ({ method: "POST", json });

let ann: TestClient;
let bob: TestClient;
/** a dataset and an unfinished job of Ann's */
let ids: { dataset: string; job: string };

beforeAll(async () => {
  [ann, bob] = await Promise.all([cluster().signUp(), cluster().signUp()]);
  const { body } = await ann.upload("id\n1\n");
  ids = { dataset: body.dataset.id, job: body.job.id };
});

const refusals: [ErrorCode, string, () => Promise<Answer>][] = [
  ["bad_request", "JSON that is cut", () => rename("{")],
  ["bad_request", "JSON that isn't UTF-8", () => rename(new Uint8Array([0x22, 0xff, 0x22]))],
  ["cursor_invalid", "a cursor nobody gave", () => ann.call(`${datasets}?cursor=AAAA`)],
  ["unauthorized", "no token", () => call(ann.url, datasets)],
  ["token_expired", "a token of yesterday", () => ann.call(datasets, { token: yesterdays() })],
  ["invalid_credentials", "a wrong password", () => ann.call("/api/v1/auth/login", post(login()))],
  ["session_revoked", "a session that is gone", () => ann.call(datasets, { token: ended() })],
  ["not_found", "a path nobody serves", () => ann.call("/api/v1/nothing")],
  ["not_found", "a dataset that isn't there", () => ann.call(`${datasets}/${randomId()}`)],
  ["not_found", "a page nobody serves", () => call(ann.url, "/.git/config")],
  ["method_not_allowed", "DELETE of all", () => ann.call(datasets, { method: "DELETE" })],
  ["conflict", "an email that is taken", () => ann.call("/api/v1/auth/register", post(login()))],
  ["conflict", "a retry of what waits", () => ann.call(`/api/v1/jobs/${ids.job}/retry`, post({}))],
  ["payload_too_large", "300 KB of JSON", () => rename(`"${"x".repeat(300_000)}"`)],
  ["unsupported_media_type", "JSON as text", () => rename("{}", "text/plain")],
  ["unsupported_media_type", "a file of no type", () => ann.upload("a", { type: "image/png" })],
  ["validation_failed", "a wrong type", () => rename('{"name":1}')],
  ["rate_limited", "one unfinished job too many", () => ann.upload("id\n2\n")],
];

const login = () => ({ email: ann.email, password: `${goodPassword}.` });
const yesterdays = () => resign(ann.token, { exp: Math.floor(Date.now() / 1000) - 86_400 });
const ended = () => resign(ann.token, { sid: randomId() });
function rename(body: string | Uint8Array<ArrayBuffer>, type = "application/json") {
  const headers = { "Content-Type": type };
  return ann.call(`${datasets}/${ids.dataset}`, { method: "PATCH", body, headers });
}

describe("a refusal", () => {
  it.each(refusals)("is %s for %s", async (code, _what, ask) => {
    const answer = await ask();

    expectProblem(answer, code);
    expect(answer.headers.get("X-Node-Id")).toBe("api-0");
    expect(answer.headers.get("X-Request-Id")).toMatch(/^[\w-]{22}$/);
  });

  it("names each place that is wrong", async () => {
    const answer = await ann.call("/api/v1/auth/register", post({ email: "x", name: "", a: 1 }));

    const problem = expectProblem(answer, "validation_failed");
    expect(pathsOf(problem).sort()).toEqual(["", "email", "name", "password"]);
  });

  it("says after which time to ask again when it is for a limit", async () => {
    const answer = await ann.upload("id\n3\n");

    expect(expectProblem(answer, "rate_limited").retryAfter).toBeGreaterThan(0);
  });

  it.each([
    ["GET, HEAD, POST", datasets, "PUT"],
    ["DELETE, GET, HEAD, PATCH", `${datasets}/${"a".repeat(22)}`, "POST"],
    ["GET, HEAD", "/api/v1/me", "DELETE"],
    ["POST", "/api/v1/auth/login", "GET"],
    ["GET, HEAD", "/healthz", "OPTIONS"],
  ])("names the methods that there are, %s, on %s", async (allowed, path, method) => {
    const answer = await ann.call(path, { method });

    expectProblem(answer, "method_not_allowed");
    expect(answer.headers.get("Allow")?.split(", ").sort().join(", ")).toBe(allowed);
  });

  it("tells nobody whether something is somebody else's or isn't there at all", async () => {
    const nothing = randomId();
    const asks: [string, string, RequestInit & { json?: unknown }][] = [
      ["datasets", "", {}],
      ["datasets", "", { method: "PATCH", json: { name: "mine" } }],
      ["datasets", "", { method: "DELETE" }],
      ["datasets", "/records", {}],
      ["datasets", "/rejects", {}],
      ["jobs", "", {}],
      ["jobs", "/cancel", { method: "POST" }],
      ["jobs", "/retry", { method: "POST" }],
    ];

    for (const [kind, rest, init] of asks) {
      const annas = kind === "jobs" ? ids.job : ids.dataset;
      const hers = await bob.call(`/api/v1/${kind}/${annas}${rest}`, init);
      const none = await bob.call(`/api/v1/${kind}/${nothing}${rest}`, init);

      expectProblem(hers, "not_found");
      expect(withoutId(hers.body)).toEqual(withoutId(none.body));
    }
    expect((await ann.dataset(ids.dataset)).name).toBe("test.csv");
  });
});
