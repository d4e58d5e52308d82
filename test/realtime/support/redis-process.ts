import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { watchOver } from "../../../scripts/processes/guard.mjs";

/** A Redis of a test's own, which it may flush, freeze and kill; appends to a file like the real one. */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), "sluice-redis-"));
  const port = await findFreePort();
  let process = await spawnRedis(folder, port);

  async function kill(): Promise<void> {
    const gone = once(process, "exit");
    process.kill("SIGKILL");
    if (process.exitCode === null && process.signalCode === null) await gone;
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    /** Loses all that it has appended, so that it comes back empty. */
    forget: () => rm(join(folder, "appendonlydir"), { recursive: true, force: true }),
    /** Comes back on the same port with what it had appended. */
    async start(): Promise<void> {
      process = await spawnRedis(folder, port);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function spawnRedis(folder: string, port: number): Promise<ChildProcess> {
  const settings = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
  const process = spawn("redis-server", ["--port", String(port), "--dir", folder, ...settings], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  watchOver(process);
  for await (const chunk of process.stdout ?? []) {
    if (String(chunk).includes("Ready to accept connections")) break;
  }
  return process;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Waits for an event of a connection; unlike node's `once` it lets errors pass. */
export const heard = (redis: Redis, event: "close" | "reconnecting"): Promise<void> =>
  new Promise((resolve) => redis.once(event, () => resolve()));
