import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { connect, type SluiceSocket } from "../../../client/connect.ts";
import type { Principal } from "../../../server/auth/principal.ts";
import { AppError } from "../../../server/errors.ts";
import { createChannelLog } from "../../../server/infrastructure/channel-log.ts";
import { createPublisher } from "../../../server/infrastructure/channel-publisher.ts";
import { createLogger } from "../../../server/infrastructure/logger.ts";
import { createPlaces } from "../../../server/infrastructure/places.ts";
import { createRates } from "../../../server/infrastructure/rates.ts";
import { connectForRequests } from "../../../server/infrastructure/redis.ts";
import { createSocketLimits } from "../../../server/limits.ts";
import { createGateway } from "../../../server/realtime/gateway.ts";
import { answersFrom, type Things } from "./answers.ts";

export const logger = createLogger({ level: "silent", pretty: false, node: "test" });

export const redisUrl = (): string => {
  const url = process.env.REDIS_URL;
  if (!url) throw new Error("REDIS_URL is not set; run these tests with npm test");
  return url;
};

const plenty = 1_000_000;

type Options = {
  nodes?: number;
  url?: string;
  /** the way of the nodes' adapters to the same Redis, if it is another */
  adapterUrl?: string;
  channels?: number;
  handshakes?: number;
  socketRate?: number;
  /** a user's requests a second, connections; an address's refused handshakes a second */
  userRate?: number;
  connections?: number;
  refusals?: number;
  positionsEveryMs?: number;
  sessionsEveryMs?: number;
};

/** Nodes with the real gateway over a real Redis; what lies behind it is a map. */
export async function startWorld(options: Options = {}) {
  const url = options.url ?? redisUrl();
  const prefix = `test-${randomUUID()}`;
  const things: Things = new Map();
  const ended = new Set<string>();
  const redis = connectForRequests(url, logger);
  const publish = createPublisher({ redis, prefix });
  const log = createChannelLog({ redis, prefix });
  const sockets: SluiceSocket[] = [];
  const nodes = await Promise.all(
    Array.from({ length: options.nodes ?? 1 }, (_, index) =>
      startNode({ url, prefix, things, ended, name: `node-${index}`, options }),
    ),
  );

  return {
    redis,
    prefix,
    things,
    /** ids of sessions that don't live any more */
    ended,
    publish,
    log,
    nodes,
    /** A socket of `user` on a node, greeted. */
    async connect(user = "ann", node = 0): Promise<SluiceSocket> {
      const socket = connect(nodes[node]?.address, { token: user });
      sockets.push(socket);
      await new Promise((resolve) => socket.once("hello", resolve));
      return socket;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.disconnect();
      for (const node of nodes) await node.close();
      redis.disconnect();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

type NodeSettings = {
  url: string;
  prefix: string;
  name: string;
  things: Things;
  ended: Set<string>;
  options: Options;
};

async function startNode({ url, prefix, name, things, ended, options }: NodeSettings) {
  const http = createServer((_request, response) => response.writeHead(404).end());
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 2000 });
  redis.on("error", () => {});
  const createRate = createRates({ redis, prefix });
  const places = createPlaces({ redis, prefix, logger });
  const limits = createSocketLimits(createRate, places, {
    socketUserRate: options.userRate ?? plenty,
    connections: options.connections ?? plenty,
    refusedHandshakes: options.refusals ?? plenty,
  });
  const gateway = createGateway(http, {
    config: {
      node: name,
      redisUrl: options.adapterUrl ?? url,
      redisPrefix: prefix,
      allowedOrigins: ["https://app.example"],
      limits: {
        frameBytes: 64 * 1024,
        channels: options.channels ?? 200,
        handshakes: options.handshakes ?? 200,
        socketRate: options.socketRate ?? plenty,
      },
      proxyHops: 0,
    },
    logger,
    redis,
    auth: {
      authenticate,
      findLiveSessions: async (ids) => new Set(ids.filter((id) => !ended.has(id))),
    },
    ...limits,
    ...answersFrom(things),
    exports: { create: () => Promise.reject(new AppError("not_found")) },
    positionsEveryMs: options.positionsEveryMs ?? 60_000,
    sessionsEveryMs: options.sessionsEveryMs ?? 60_000,
  });
  await gateway.ready();
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const listening = http.address();
  if (typeof listening !== "object" || !listening) throw new Error("no port");

  return {
    gateway,
    port: listening.port,
    address: `http://127.0.0.1:${listening.port}`,
    async close(): Promise<void> {
      await gateway.close();
      places.close();
      redis.disconnect();
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
}

/** A token is the user's name, maybe how long it lives in ms, maybe its session: `ann 500 desk`. */
export async function authenticate(token: unknown): Promise<Principal> {
  if (typeof token !== "string" || token === "") throw new AppError("unauthorized");
  if (token === "expired") throw new AppError("token_expired");
  if (token === "broken") throw new TypeError("a fault with a secret in it");
  const [user = "", ms = "60000", sessionId = randomUUID().slice(0, 22)] = token.split(" ");
  const now = Date.now();
  return {
    userId: user,
    sessionId,
    email: `${user}@example.org`,
    name: user,
    roles: ["user"],
    createdAt: new Date(0),
    issuedAt: new Date(now),
    expiresAt: new Date(now + Number(ms)),
  };
}
