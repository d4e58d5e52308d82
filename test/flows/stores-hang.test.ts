import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Submitted } from "../../protocol/jobs.ts";
import { type Answer, createClient, goodPassword, type TestClient } from "../support/client.ts";
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

/** What an answer is, and after how many ms it came. */
async function timed<T>(asked: Promise<T>): Promise<{ answer: T; ms: number }> {
  const since = performance.now();
  const answer = await asked;
  return { answer, ms: performance.now() - since };
}

const askEverything = (): Promise<Answer>[] => [
  ann.call(datasets),
  ann.call(`${datasets}/${done.dataset.id}`, {
    method: "PATCH",
    json: { name: "again" },
  }),
  ann.call(`${datasets}/${done.dataset.id}/records`),
  ann.call(`/api/v1/jobs/${done.job.id}/cancel`, { method: "POST" }),
  ann.call(`/api/v1/jobs/${done.job.id}/retry`, { method: "POST" }),
  ann.upload("id\n3\n"),
  ann.call("/api/v1/auth/login", {
    method: "POST",
    json: { email: ann.email, password: goodPassword },
  }),
  ann.call("/readyz"),
];

describe("while MongoDB hangs", () => {
  it("every call is unavailable in bounded time, and all is back when it goes on", async () => {
    links.mongo.stall();

    const first = await Promise.all(askEverything().map(timed));
    const next = await Promise.all(askEverything().map(timed));
    const handshake = await timed(openConnection(ann.url, { auth: { token: ann.token } }));

    for (const { answer } of [...first, ...next]) expectProblem(answer, "unavailable");
    expect(handshake.answer).toMatchObject({ refused: { code: "unavailable" } });
    // Until the driver knows, 5 s; from then on each looks for MongoDB for 2 s.
    expect(Math.max(...first.map(({ ms }) => ms))).toBeLessThan(8000);
    expect(Math.max(...next.map(({ ms }) => ms), handshake.ms)).toBeLessThan(4000);

    links.mongo.flow();
    expect(await isReady()).toBe(200);
    expect((await ann.call(datasets)).status).toBe(200);
  });

  it("a submission whose commit isn't answered is unavailable in bounded time, and once there for good", async () => {
    const count = () => cluster().mongo.collection("datasets").countDocuments();
    const before = await count();
    const headers = { "Idempotency-Key": "one-and-the-same" };
    links.mongo.stallAfter("commitTransaction");

    const { answer, ms } = await timed(ann.upload("id\n5\n", { headers }));
    links.mongo.flow();
    expect(await isReady()).toBe(200);
    const again = await ann.upload("id\n5\n", { headers });

    expectProblem(answer, "unavailable");
    expect(ms).toBeLessThan(10_000);
    expect(again.status).toBe(202);
    expect(await ann.final(again.body.job.id)).toMatchObject({ state: "completed" });
    expect(await count()).toBe(before + 1);
  });
});

describe("while Redis hangs", () => {
  it("pages go on, what is submitted starts later, watching is unavailable in bounded time", async () => {
    const socket = ann.socket();
    await ann.request(socket, "datasets:list", {});
    links.redis.stall();

    const pages = await Promise.all([
      timed(ann.call(datasets)),
      timed(ann.call(`${datasets}/${done.dataset.id}/records`)),
    ]);
    const channel = `job:${done.job.id}`;
    const watching = ann.request(socket, "channel:subscribe", { channel });
    await expect(watching).rejects.toMatchObject({ code: "unavailable" });
    const submitted = await timed(ann.upload("id\n4\n"));
    const ready = await timed(ann.call("/readyz"));

    expect(pages.map(({ answer }) => answer.status)).toEqual([200, 200]);
    expect(submitted.answer.status).toBe(202);
    expectProblem(ready.answer, "unavailable");
    for (const { ms } of [...pages, submitted, ready]) expect(ms).toBeLessThan(4000);

    links.redis.flow();
    expect(await isReady()).toBe(200);
    expect(await ann.final(submitted.answer.body.job.id)).toMatchObject({ state: "completed" });
  });
});
