import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import { createClient, goodPassword, type TestClient } from "../support/client.ts";
import { eventually } from "./support/eventually.ts";
import { openConnection } from "./support/handshake.ts";
import { openLink } from "./support/link.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 0, workers: 1 });
const datasets = "/api/v1/datasets";

type Link = Awaited<ReturnType<typeof openLink>>;
let links: { mongo: Link; redis: Link };
/** a client of a node that reaches its stores by the links */
let ann: TestClient;
let done: Submitted;

beforeAll(async () => {
  const { settings, start } = cluster();
  const mongo = await openLink(settings.MONGODB_URI);
  const redis = await openLink(settings.REDIS_URL);
  links = { mongo, redis };
  const node = await start("api", 0, { MONGODB_URI: mongo.url, REDIS_URL: redis.url });
  ann = await createClient(node.url ?? "");
  done = (await ann.upload("id\n1\n2\n")).body;
  await ann.final(done.job.id);
});
afterAll(async () => {
  ann?.close();
  await Promise.all([links?.mongo.cut(), links?.redis.cut()]);
});

const isReady = () =>
  eventually(
    async () => (await ann.call("/readyz")).status,
    (status) => status === 200,
  );

describe("while MongoDB is away", () => {
  it("every call is unavailable in time, the process lives, and all is back with MongoDB", async () => {
    const socket = ann.socket();
    await ann.request(socket, "datasets:list", {});
    await links.mongo.cut();

    const answers = await Promise.all([
      ann.call(datasets),
      ann.call(`${datasets}/${done.dataset.id}/records`),
      ann.call(`/api/v1/jobs/${done.job.id}/retry`, { method: "POST" }),
      ann.upload("id\n3\n"),
      ann.call("/api/v1/auth/login", {
        method: "POST",
        json: { email: ann.email, password: goodPassword },
      }),
      ann.call("/readyz"),
    ]);
    const overSocket = ann.request(socket, "datasets:list", {}, { timeout: 5 });
    const handshake = openConnection(ann.url, { auth: { token: ann.token } });
    const health = await ann.call("/healthz");

    for (const answer of answers) {
      expect(expectProblem(answer, "unavailable").retryAfter).toBeGreaterThan(0);
    }
    await expect(overSocket).rejects.toMatchObject({ code: "unavailable" });
    expect(await handshake).toMatchObject({ refused: { code: "unavailable" } });
    expect(health.status).toBe(200);

    await links.mongo.mend();
    expect(await isReady()).toBe(200);
    expect(await ann.request(socket, "datasets:list", {})).toMatchObject({ total: { count: 1 } });
  });
});

describe("while Redis is away", () => {
  it("sign-in, gets and pages go on, what is submitted starts later, watching is unavailable", async () => {
    const records = `${datasets}/${done.dataset.id}/records`;
    const socket = ann.socket();
    await ann.request(socket, "datasets:list", {});
    await links.redis.cut();

    const login = { email: ann.email, password: goodPassword };
    const answers = await Promise.all([
      ann.call(datasets),
      ann.call("/api/v1/auth/login", { method: "POST", json: login }),
      ann.call<Page<DataRecord>>(records),
      ann.call(`/api/v1/jobs/${done.job.id}`),
    ]);
    const ready = await ann.call("/readyz");
    const channel = `job:${done.job.id}`;
    const watching = ann.request(socket, "channel:subscribe", { channel });
    await expect(watching).rejects.toMatchObject({ code: "unavailable" });
    const submitted = await ann.upload("id\n4\n");

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers[2].body.items).toHaveLength(2);
    expectProblem(ready, "unavailable");
    expect(submitted.status).toBe(202);

    await links.redis.mend();
    expect(await isReady()).toBe(200);
    expect(await ann.final(submitted.body.job.id)).toMatchObject({ state: "completed" });
  });
});
