import { beforeAll, describe, expect, it } from "@jest/globals";
import { call, type TestClient } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { openRaw, readToEnd, sendRaw, statusOf } from "./support/raw-http.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 0, env: { LIMIT_HEADER_SECONDS: "1" } });
const datasets = "/api/v1/datasets";

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

describe("a request id", () => {
  it.each(["a", "Z9_-", "x".repeat(64)])("is the caller's when it is %s", async (id) => {
    const answer = await ann.call(datasets, { headers: { "X-Request-Id": id } });
    const failed = await ann.call("/nothing", { headers: { "X-Request-Id": id } });

    expect(answer.headers.get("X-Request-Id")).toBe(id);
    expect(expectProblem(failed, "not_found").requestId).toBe(id);
  });

  it.each(["", "x".repeat(65), "a b", 'a"', "<script>"])("is made anew for %p", async (id) => {
    const answer = await ann.call(datasets, { headers: { "X-Request-Id": id } });

    expect(answer.headers.get("X-Request-Id")).toMatch(/^[\w-]{22}$/);
  });
});

describe("the headers", () => {
  it.each([
    ["data", datasets, 200],
    ["an error", `${datasets}?limit=0`, 422],
    ["a path that isn't there", "/api/v1/nothing", 404],
    ["the health", "/healthz", 200],
    ["the keys", "/.well-known/jwks.json", 200],
  ])("keep browsers from misusing %s", async (_what, path, status) => {
    const answer = await ann.call(path);

    const { "x-powered-by": poweredBy, ...headers } = Object.fromEntries(answer.headers);
    expect(answer.status).toBe(status);
    expect(poweredBy).toBeUndefined();
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
    const policy = headers["content-security-policy"];
    for (const rule of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    if (path.startsWith("/api/")) expect(headers["cache-control"]).toBe("no-store");
  });

  it("let no other site read anything", async () => {
    const headers = { Origin: "https://evil.example" };

    const answers = [
      await ann.call(datasets, { headers }),
      await call(ann.url, datasets, { method: "OPTIONS", headers }),
    ];

    for (const answer of answers) {
      const names = [...answer.headers.keys()];
      expect(names.filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

describe("odd requests", () => {
  it.each(["TRACE", "PUT"])("get no further with %s", async (method) => {
    const answer = await sendRaw(ann.url, [`${method} ${datasets} HTTP/1.1`]);

    expect(statusOf(answer)).toBe(405);
  });

  it("never make a tunnel of the node", async () => {
    const answer = await sendRaw(ann.url, ["CONNECT example.com:80 HTTP/1.1"]);

    expect(statusOf(answer)).not.toBe(200);
  });

  it("can't change their method by a header", async () => {
    const { body } = await ann.upload("id\n1\n");

    const answer = await ann.call(`${datasets}/${body.dataset.id}`, {
      headers: { "X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE" },
    });

    expect(answer).toMatchObject({ status: 200, body: { id: body.dataset.id } });
  });

  it.each([
    ["zeros", "0".repeat(22)],
    ["23 digits", "0123456789abcdef0123456"],
    ["12 letters", "abcdefghijkl"],
    ["a path", "..%2f..%2fetc"],
    ["a NUL", "%00"],
    ["dots", "%2e%2e"],
    ["10 KB", "a".repeat(10_000)],
    ["an elephant", "%F0%9F%90%98"],
  ])("find nothing under an id of %s", async (_what, id) => {
    const answers = [
      await ann.call(`${datasets}/${id}`),
      await ann.call(`${datasets}/${id}/records`),
      await ann.call(`/api/v1/jobs/${id}`),
    ];

    for (const answer of answers) expectProblem(answer, "not_found");
  });

  it.each(["%", "%zz", "%E0%A4%A"])("never end in a fault of the server: /%s", async (path) => {
    const answer = await sendRaw(ann.url, [
      `GET ${datasets}/${path} HTTP/1.1`,
      `Authorization: Bearer ${ann.token}`,
    ]);

    expect([400, 404]).toContain(statusOf(answer));
  });

  it.each([
    ["33 levels", `${'{"a":'.repeat(33)}1${"}".repeat(33)}`],
    ["10,000 brackets", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    [
      "1,001 keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [i, 1]))),
    ],
    ["__proto__", '{"__proto__":{"x":1},"name":"n"}'],
    ["__proto__ deep inside", '{"name":{"a":{"b":{"c":{"__proto__":1}}}}}'],
    ["constructor", '{"constructor":{"prototype":{"x":1}},"name":"n"}'],
    ["a lone surrogate", '{"name":"\\ud800"}'],
    ["a lone surrogate as a key", '{"name":"n","\\ud800":1}'],
    ["nothing but null", "null"],
    ["a list", "[]"],
  ])("are refused for a body with %s", async (_what, body) => {
    const { body: mine } = await ann.upload("id\n1\n");
    const headers = { "Content-Type": "application/json" };

    const answer = await ann.call(`${datasets}/${mine.dataset.id}`, {
      method: "PATCH",
      body,
      headers,
    });

    expectProblem(answer, "validation_failed");
  });

  it("are refused for 17 KB of headers", async () => {
    const answer = await sendRaw(ann.url, [
      "GET /healthz HTTP/1.1",
      `X-Big: ${"x".repeat(17_000)}`,
    ]);

    expect(statusOf(answer)).toBe(431);
  });

  it("are given up when their headers come too slowly", async () => {
    const socket = await openRaw(ann.url);

    socket.write("GET /healthz HTTP/1.1\r\nX-Slow: ");
    const answer = await readToEnd(socket);

    expect(statusOf(answer)).toBe(408);
  });

  it("keep no connection by a body that a call doesn't want and that never comes", async () => {
    const socket = await openRaw(ann.url);

    socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx");
    const answer = await readToEnd(socket);

    expect(statusOf(answer)).toBe(200);
    expect(answer).toMatch(/^Connection: close\r$/m);
  });

  it("don't end the node when they break off in the middle of a body", async () => {
    const socket = await openRaw(ann.url);

    socket.write(
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
    );
    socket.write('Content-Length: 100\r\n\r\n{"email"');
    socket.destroy();

    expect((await ann.call("/api/v1/me")).status).toBe(200);
    expect(cluster().api[0]?.output()).not.toMatch(/"level":(50|60)/);
  });
});
