import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import mongoose from "mongoose";
import { makeFolder } from "./support/folder.ts";
import { running, untilGone } from "./support/processes.ts";
import { type Line, startScript } from "./support/script.ts";

// Without api nodes and workers: what is tried here is their MongoDB and Redis.
function startOwnServers(folder: string, ...more: string[]) {
  const args = ["--api", "0", "--workers", "0", "--port", "0", "--data", folder, ...more];
  return startScript("cluster", args, { MONGODB_URI: "", REDIS_URL: "" });
}

const urlOf = (lines: Line[], wanted: string) =>
  lines.findLast(({ role }) => role === wanted)?.url ?? "";

async function write(lines: Line[], name: string) {
  const client = await mongoose.mongo.MongoClient.connect(urlOf(lines, "mongo"));
  await client.db().collection<{ _id: string }>("notes").insertOne({ _id: name });
  const names = await client.db().collection("notes").distinct("_id");
  await client.close();
  return names;
}

async function readSettings(lines: Line[]) {
  const redis = new Redis(urlOf(lines, "redis"));
  const settings = await redis.config("GET", "appendonly", "maxmemory-policy", "bind");
  redis.disconnect();
  return settings;
}

describe("the embedded MongoDB and Redis", () => {
  it("are a replica set and a durable Redis, on this machine's own address only", async () => {
    using folder = makeFolder();
    await using servers = startOwnServers(folder.path);
    await servers.ready();

    const names = await write(servers.lines, "one");
    const settings = await readSettings(servers.lines);

    expect(names).toEqual(["one"]);
    expect(urlOf(servers.lines, "mongo")).toContain("replicaSet=rs0");
    expect(Object.fromEntries(pairs(settings))).toEqual({
      appendonly: "yes",
      "maxmemory-policy": "noeviction",
      bind: "127.0.0.1",
    });
  });

  it("come back with their data after everything was killed, on another port if need be", async () => {
    using folder = makeFolder();
    await using before = startOwnServers(folder.path);
    await before.ready();
    await write(before.lines, "one");
    await before.end("SIGKILL");
    await untilGone(before.lines);
    await using _squatter = await listen(Number(new URL(urlOf(before.lines, "mongo")).port));

    await using after = startOwnServers(folder.path);
    await after.ready();

    expect(await write(after.lines, "two")).toEqual(["one", "two"]);
    expect(urlOf(after.lines, "redis")).toBe(urlOf(before.lines, "redis"));
  });

  it("are started again where they were when they are killed", async () => {
    using folder = makeFolder();
    await using servers = startOwnServers(folder.path);
    await servers.ready();
    const killed = servers.lines.filter(({ pid }) => pid !== undefined);

    for (const { pid } of killed) process.kill(pid ?? 0, "SIGKILL");
    const again = await Promise.all(
      killed.map((dead) => servers.line(({ role, pid }) => role === dead.role && pid !== dead.pid)),
    );

    expect(again.map(({ url }) => url)).toEqual(killed.map(({ url }) => url));
    expect(running(again)).toHaveLength(2);
    expect(await write(servers.lines, "one")).toEqual(["one"]);
  });

  it("begin empty with --fresh", async () => {
    using folder = makeFolder();
    writeFileSync(join(folder.path, "left-over"), "");

    await using servers = startOwnServers(folder.path, "--fresh");
    await servers.ready();

    expect(existsSync(join(folder.path, "left-over"))).toBe(false);
    expect(readFileSync(join(folder.path, "logs", "mongo-0.log"), "utf8")).not.toBe("");
  });
});

function pairs(flat: unknown): [string, unknown][] {
  if (!Array.isArray(flat)) return Object.entries(flat as object);
  return flat.flatMap((key, at) => (at % 2 === 0 ? [[String(key), flat[at + 1]]] : []));
}

async function listen(port: number) {
  // One that answers nothing would have mongod wait half a minute before it gives up on it.
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(port, "127.0.0.1"), "listening");
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { [Symbol.asyncDispose]: close };
}
