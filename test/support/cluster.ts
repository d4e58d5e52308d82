import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import mongoose from "mongoose";
import { pino } from "pino";
import { readConfig } from "../../server/config.ts";
import { openStores } from "../../server/stores.ts";
import { createClient, type TestClient } from "./client.ts";
import { type Process, startProcess } from "./processes.ts";

export type ClusterOptions = {
  /** of the project, or of a copy of it */
  folder?: string;
  api?: number;
  workers?: number;
  env?: Record<string, string>;
  /** false: rates and such as no test reaches by accident */
  hasDefaultLimits?: boolean;
  /** instead of those of the test run */
  servers?: { MONGODB_URI?: string; REDIS_URL?: string };
};

/** The stores of the test run, with a database and a prefix that belong to one test alone. */
export function ownStores(servers: ClusterOptions["servers"] = {}) {
  const { MONGODB_URI, REDIS_URL } = { ...process.env, ...servers };
  if (!MONGODB_URI || !REDIS_URL) throw new Error("run the tests with `npm test`");
  const name = `t${randomBytes(6).toString("hex")}`;
  // Not as a URL, which takes one host only.
  const mongoUri = MONGODB_URI.replace(/^(\w+:\/\/[^/?]+)[^?]*/, `$1/${name}`);
  return { mongoUri, redisUrl: REDIS_URL, prefix: name };
}

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const testKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Those stores opened by the test itself, as an entry file does it; `close` leaves nothing behind. */
export async function openOwnStores() {
  const own = ownStores();
  const config = readConfig({
    MONGODB_URI: own.mongoUri,
    REDIS_URL: own.redisUrl,
    REDIS_PREFIX: own.prefix,
    JWT_PRIVATE_KEYS: testKey,
    SLUICE_SECRET: "x".repeat(32),
  });
  const stores = await openStores(config, pino({ level: "silent" }));
  return {
    ...stores,
    prefix: own.prefix,
    async close() {
      await stores.connection.dropDatabase();
      const keys = await stores.redis.keys(`*${own.prefix}*`);
      if (keys.length > 0) await stores.redis.unlink(keys);
      await stores.close();
    },
  };
}

/** A test is many users at one address, and in a hurry: those that are about limits set them. */
const roomyLimits = {
  LIMIT_LOGIN_PER_MINUTE: "1000000",
  LIMIT_REFUSED_HANDSHAKES: "1000000",
  LIMIT_REST_RATE: "1000000",
  LIMIT_REST_BURST: "1000000",
  LIMIT_SOCKET_RATE: "1000000",
  LIMIT_SOCKET_USER_RATE: "1000000",
  LIMIT_CONNECTIONS: "1000000",
  LIMIT_UPLOADS_PER_USER: "1000000",
};

/** Starts real API nodes and workers over real stores; all of it ends with the test. */
export async function startCluster({
  api = 1,
  workers = 1,
  env = {},
  servers,
  folder,
  hasDefaultLimits = false,
}: ClusterOptions = {}) {
  const stores = ownStores(servers);
  const settings = {
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: "0",
    MONGODB_URI: stores.mongoUri,
    REDIS_URL: stores.redisUrl,
    REDIS_PREFIX: stores.prefix,
    JWT_PRIVATE_KEYS: testKey,
    SLUICE_SECRET: randomBytes(32).toString("base64url"),
    ...(!hasDefaultLimits && roomyLimits),
    ...env,
  };
  const processes: Process[] = [];
  async function start(entry: "api" | "worker", index: number, more: Record<string, string> = {}) {
    const named = { ...settings, NODE_NAME: `${entry}-${index}`, ...more };
    const started = await startProcess(entry, named, folder);
    processes.push(started);
    return started;
  }
  const nodes = await Promise.all(Array.from({ length: api }, (_, i) => start("api", i)));
  const crew = await Promise.all(Array.from({ length: workers }, (_, i) => start("worker", i)));
  const mongo = await mongoose.createConnection(stores.mongoUri).asPromise();
  // A test may take Redis away; that is said elsewhere.
  const redis = new Redis(stores.redisUrl).on("error", () => {});
  const clients: TestClient[] = [];

  return {
    settings,
    api: nodes,
    workers: crew,
    /** the test's own database, to look at what is really stored */
    mongo,
    redis,
    start,
    url: (node = 0): string => nodes[node]?.url ?? "",
    /** A new account, as a client of one node. */
    async signUp(node = 0, headers: Record<string, string> = {}): Promise<TestClient> {
      const client = await createClient(nodes[node]?.url ?? "", headers);
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await Promise.all(processes.map(({ kill }) => kill()));
      await mongo.dropDatabase();
      await mongo.close();
      const keys = await redis.keys(`*${stores.prefix}*`);
      if (keys.length > 0) await redis.unlink(keys);
      redis.disconnect();
    },
  };
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;
