import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import type { Job, Submitted } from "../../protocol/jobs.ts";
import { upgrade } from "../realtime/support/upgrade.ts";
import { call, createClient, type TestClient } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { startNginx } from "./support/nginx.ts";

let cluster: Cluster;
let nginx: Awaited<ReturnType<typeof startNginx>>;
let ann: TestClient;

beforeAll(async () => {
  cluster = await startCluster({ api: 2, workers: 1 });
  nginx = await startNginx([cluster.url(0), cluster.url(1)]);
  ann = await createClient(nginx.url);
});

afterAll(async () => {
  ann?.close();
  await nginx?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

const row = `${"x".repeat(99)}\n`;
const megabyte = row.repeat(10_000);

/** Begins an upload whose end the test decides. */
function beginUpload(url: string, token: string) {
  const sending = request(`${url}/api/v1/datasets?name=slow.csv`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" },
  });
  const answered = new Promise<Submitted>((resolve, reject) => {
    sending.once("error", reject).once("response", async (reply) => {
      let text = "";
      for await (const chunk of reply.setEncoding("utf8")) text += chunk;
      resolve(JSON.parse(text));
    });
  });
  return { sending, answered };
}

const heard = (socket: SluiceSocket, event: "connect" | "disconnect") =>
  new Promise<void>((resolve) => socket.once(event, () => resolve()));

describe("deploy/nginx.conf before two nodes", () => {
  it("hands an upload on while it arrives, keeping none of it on its own disk", async () => {
    const { sending, answered } = beginUpload(nginx.url, ann.token);
    const chunks = cluster.mongo.collection("files.chunks");
    sending.write("text\n");
    for (let sent = 0; sent < 10; sent++) sending.write(megabyte);

    // The node has stored what came so far; the rest isn't sent yet.
    while ((await chunks.countDocuments()) < 3) await cluster.redis.ping();
    const buffered = existsSync(join(nginx.folder, "client_body"))
      ? readdirSync(join(nginx.folder, "client_body"))
      : [];
    for (let sent = 0; sent < 10; sent++) sending.write(megabyte);
    sending.end();
    const { job } = await answered;

    expect(buffered).toEqual([]);
    expect((await ann.final(job.id)).result).toMatchObject({ rowsImported: 200_000 });
  });

  it("carries a watcher's socket through to the end of an import", async () => {
    const { body } = await ann.upload(`a,b\n${"1,2\n".repeat(5000)}`);

    const job = await ann.final(body.job.id, nginx.url);

    expect(job).toMatchObject({ state: "completed", progress: { rowsImported: 5000 } });
  });

  it("serves the page, and lets that page alone open a socket", async () => {
    const page = await fetch(nginx.url);
    const own = await upgrade(nginx.url, { origin: nginx.url });
    const foreign = await upgrade(nginx.url, { origin: "https://elsewhere.example" });

    expect(page.headers.get("Content-Type")).toMatch(/html/);
    expect(await page.text()).toContain("<title>Sluice");
    expect(own.status).toBe(101);
    expect(foreign.status).toBe(400);
  });

  it("refuses a body that no node would take before any of it is sent", async () => {
    const sending = request(`${nginx.url}/api/v1/datasets?name=huge.csv`, {
      method: "POST",
      headers: { "Content-Type": "text/csv", "Content-Length": 10 * 1024 ** 3 + 1 },
    });
    const replied = once(sending, "response");
    sending.flushHeaders();

    const [reply] = await replied;
    sending.destroy();

    expect(reply.statusCode).toBe(413);
    expect(reply.headers.server).toBe("nginx");
  });

  it("spreads callers and watchers over the nodes, and both go on when one of them dies", async () => {
    const ask = () => call<Job>(nginx.url, "/api/v1/me", { token: ann.token });
    const nodes = (answers: Awaited<ReturnType<typeof ask>>[]) =>
      new Set(answers.map(({ headers }) => headers.get("X-Node-Id")));
    const before = await Promise.all(Array.from({ length: 20 }, ask));
    const watchers = [ann.socket(), ann.socket()];
    await Promise.all(watchers.map((watcher) => heard(watcher, "connect")));
    const cut = Promise.race(watchers.map((one) => heard(one, "disconnect").then(() => one)));

    await cluster.api[0]?.kill();
    const lost = await cut;
    await heard(lost, "connect");
    const after = await Promise.all(Array.from({ length: 20 }, ask));

    expect(nodes(before)).toEqual(new Set(["api-0", "api-1"]));
    expect(after.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(nodes(after)).toEqual(new Set(["api-1"]));
    expect(lost.connected).toBe(true);
  });
});
