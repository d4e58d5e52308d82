import { createClient, type TestClient } from "../../support/client.ts";
import { type ClusterOptions, startCluster } from "../../support/cluster.ts";
import type { Process } from "../../support/processes.ts";
import { type Line, openProxy } from "./proxy.ts";
import { throughProxy } from "./slow-link.ts";

/** An API node or a worker, each of its links by way of a proxy of its own. */
export type Member = {
  name: string;
  process: Process;
  /** null without `hasMongoLinks` */
  mongo: Line | null;
  redis: Line;
  /** where clients come in; stays when the process is replaced; null for a worker */
  front: Line | null;
  /** Kills it, with whatever it still had on its way to the stores. */
  kill: () => Promise<void>;
  /** Starts a new process in its place. */
  restart: () => Promise<void>;
};

type RigOptions = ClusterOptions & {
  /** false for a MongoDB of several members, whose drivers go straight to each of them */
  hasMongoLinks?: boolean;
};

/** A cluster whose every line can be cut: by default two API nodes and no worker yet. */
export async function startRig(options: RigOptions = {}) {
  const { api = 2, workers = 0, env, servers, hasMongoLinks = true, hasDefaultLimits } = options;
  const cluster = await startCluster({
    api: 0,
    workers: 0,
    env: { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "info", ...env },
    ...(servers && { servers }),
    ...(hasDefaultLimits && { hasDefaultLimits }),
  });
  const { MONGODB_URI, REDIS_URL } = cluster.settings;
  const proxies: Line[] = [];
  const clients: TestClient[] = [];
  const nodes: Member[] = [];
  const crew: Member[] = [];

  async function open(target: string): Promise<Line> {
    const proxy = await openProxy(target);
    proxies.push(proxy);
    return proxy;
  }

  async function add(entry: "api" | "worker", more: Record<string, string> = {}): Promise<Member> {
    const list = entry === "api" ? nodes : crew;
    const index = list.length;
    const redis = await open(REDIS_URL);
    const mongo = hasMongoLinks ? await open(MONGODB_URI) : null;
    const links = {
      REDIS_URL: redis.url,
      ...(mongo && { MONGODB_URI: throughProxy(MONGODB_URI, mongo.port) }),
      ...more,
    };
    const first = await cluster.start(entry, index, links);
    const front = first.url === null ? null : await open(first.url);
    const member: Member = {
      name: `${entry}-${index}`,
      process: first,
      mongo,
      redis,
      front,
      async kill() {
        await member.process.kill();
        for (const line of [mongo, redis, front]) line?.cut();
      },
      async restart() {
        member.process = await cluster.start(entry, index, links);
        if (member.process.url) front?.leadTo(member.process.url);
      },
    };
    list.push(member);
    return member;
  }

  for (let i = 0; i < api; i += 1) await add("api");
  for (let i = 0; i < workers; i += 1) await add("worker");

  return {
    cluster,
    nodes,
    workers: crew,
    addNode: () => add("api"),
    /** A proxy of its own for a client; closed with the rig. */
    openLine: open,
    addWorker: (more?: Record<string, string>) => add("worker", more),
    /** A node's address, by way of its front. */
    url: (node: number): string => nodes[node]?.front?.url ?? "",
    async signUp(node = 0): Promise<TestClient> {
      const client = await createClient(nodes[node]?.front?.url ?? "");
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const client of clients) client.close();
      await cluster[Symbol.asyncDispose]();
      await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
