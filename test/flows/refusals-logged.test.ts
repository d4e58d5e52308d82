import { beforeAll, expect, it } from "@jest/globals";
import type { TestClient } from "../support/client.ts";
import { eventually } from "./support/eventually.ts";
import { openConnection } from "./support/handshake.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 0 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

type Line = { event?: string; code?: string; count?: number } & Record<string, unknown>;

const linesOf = (event: string): Line[] =>
  (cluster().api[0]?.output() ?? "")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event);

const countOf = (event: string, code: string) =>
  linesOf(event)
    .filter((line) => line.code === code)
    .reduce((sum, { count = 0 }) => sum + count, 0);

/** How many lines tell of how many refusals once all of these are told of. */
async function tellings(event: string, code: string, count: number) {
  const told = await eventually(
    async () => countOf(event, code),
    (now) => now >= count,
  );
  return { told, lines: linesOf(event).filter((line) => line.code === code).length };
}

it("refused calls are logged, a flood of them in few lines, and nothing that a caller wrote", async () => {
  const path = `/api/v1/datasets/${ann.refreshToken}?limit=5`;
  for (let n = 0; n < 200; n += 1) await ann.call(path);

  const { told, lines } = await tellings("request_refused", "not_found", 200);
  const [first] = linesOf("request_refused");

  expect(told).toBe(200);
  expect(lines).toBeLessThan(20);
  expect(first).toMatchObject({
    code: "not_found",
    status: 404,
    method: "GET",
    route: "/api/v1/datasets/:id",
    userId: ann.user.id,
    address: "127.0.0.1",
    count: 1,
  });
  expect(cluster().api[0]?.output()).not.toContain(ann.refreshToken);
});

it("refused requests of a socket are logged, and so are refused handshakes", async () => {
  const socket = ann.socket();
  const anything = socket as unknown as { emitWithAck(...args: unknown[]): Promise<unknown> };
  for (let n = 0; n < 50; n += 1) await anything.emitWithAck("jobs:get", { jobId: "1" });
  const { refused } = await openConnection(ann.url, { auth: { token: ann.refreshToken } });

  const { told, lines } = await tellings("socket_request_refused", "validation_failed", 50);
  const [first] = linesOf("socket_request_refused");
  const [handshake] = await eventually(
    async () => linesOf("handshake_refused"),
    (found) => found.length > 0,
  );

  expect(refused).toMatchObject({ code: "unauthorized" });
  expect(told).toBe(50);
  expect(lines).toBeLessThan(20);
  expect(first).toMatchObject({ request: "jobs:get", userId: ann.user.id });
  expect(handshake).toMatchObject({ reason: "no valid token", address: "127.0.0.1" });
});
