import type { Server as HttpServer } from "node:http";
import type { Redis } from "ioredis";
import { Server } from "socket.io";
import type { Config } from "../config.ts";
import { createChannelLog } from "../infrastructure/channel-log.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { PlacesOfAKind } from "../infrastructure/places.ts";
import type { Rate } from "../infrastructure/rates.ts";
import { createSampler } from "../infrastructure/sampler.ts";
import { createClusterAdapter } from "./adapter.ts";
import {
  createOriginCheck,
  limitHandshakes,
  limitRefusals,
  longestHandshakeMs,
  refuseNamedSession,
  refuseOtherRevisions,
  refuseWhileDraining,
} from "./admission.ts";
import type { ChannelSources } from "./channel-access.ts";
import { createChannels } from "./channels.ts";
import { limitConnections, limitStreams } from "./connections.ts";
import { limitConnects, limitPackets } from "./connects.ts";
import { drainSockets, trackUpgrades } from "./drain.ts";
import { createEdge } from "./edge.ts";
import { createFlood } from "./flood.ts";
import { handleChannels } from "./handlers/channels.ts";
import { type DatasetRequests, handleDatasets } from "./handlers/datasets.ts";
import { type ExportRequests, handleExports } from "./handlers/exports.ts";
import { handleJobs, type JobRequests } from "./handlers/jobs.ts";
import { type Authenticate, createHandshake } from "./handshake.ts";
import { createJobStreams } from "./job-streams.ts";
import { createLongLines } from "./line.ts";
import { createLiveSessions } from "./live-sessions.ts";
import { createOutbound } from "./outbound.ts";
import { parser } from "./parser.ts";
import { createPositions } from "./positions.ts";
import { createRoomListeners } from "./room-listeners.ts";
import { greet, holdSession } from "./session.ts";
import type { GatewayServer } from "./socket-types.ts";

export type GatewayDeps = {
  config: Pick<Config, "node" | "redisUrl" | "redisPrefix" | "allowedOrigins" | "proxyHops"> & {
    limits: Pick<Config["limits"], "frameBytes" | "channels" | "handshakes" | "socketRate">;
  };
  /** requests of a user, refused handshakes of an address, connections of a user */
  requests: Rate;
  refusals: Rate;
  connections: PlacesOfAKind;
  logger: Logger;
  /** a connection that fails fast */
  redis: Redis;
  auth: {
    authenticate: Authenticate;
    findLiveSessions: (sessionIds: readonly string[]) => Promise<Set<string>>;
  };
  datasets: DatasetRequests & ChannelSources["datasets"];
  jobs: JobRequests & ChannelSources["jobs"];
  exports: ExportRequests;
  /** ms between two looks at the positions, and at the logs of streams */
  positionsEveryMs?: number;
  /** ms between two checks whether the sessions of this node's connections live */
  sessionsEveryMs?: number;
};

/** The live side of a node: Socket.IO on an HTTP server that its owner opens and closes. */
export function createGateway(httpServer: HttpServer, deps: GatewayDeps) {
  const { config, logger, redis, datasets, jobs } = deps;
  const { authenticate, findLiveSessions } = deps.auth;
  const { redisUrl: url, redisPrefix: prefix, limits } = config;
  const counts = { dropped: 0, unknown: 0, refused: 0, slow: 0 };

  const upgrades = trackUpgrades(httpServer);
  const cluster = createClusterAdapter({ url, prefix, logger });
  const io: GatewayServer = new Server(httpServer, {
    path: "/socket.io",
    transports: ["websocket"],
    serveClient: false,
    parser,
    adapter: cluster.adapter,
    maxHttpBufferSize: limits.frameBytes,
    connectTimeout: longestHandshakeMs,
    allowRequest: createOriginCheck(config.allowedOrigins),
  });
  const { refusals, connections, requests } = deps;
  const { countRefusal } = limitRefusals(io, { logger, refusals, hops: config.proxyHops });
  io.engine.use(refuseOtherRevisions(io));
  io.engine.use(refuseNamedSession);
  limitHandshakes(io, limits.handshakes);
  limitConnects(io);
  limitPackets(io, limits.socketRate);

  const log = createChannelLog({ redis, prefix });
  const everyMs = deps.positionsEveryMs ?? 5000;
  const positions = createPositions({ io, log, logger, everyMs });
  const sessions = createLiveSessions({
    io,
    findLive: findLiveSessions,
    logger,
    everyMs: deps.sessionsEveryMs ?? 10_000,
  });
  const rooms = createRoomListeners({ io, cluster, prefix });
  const streams = createJobStreams({ log, cluster, rooms, jobs, sessions, logger, everyMs });
  const sources = { jobs, datasets };
  const channelDeps = { log, cluster, positions, sources, mostChannels: limits.channels };

  const sample = createSampler((line) => logger.info({ event: "socket_request_refused", ...line }));
  const noteRefusal = (code: string, fields: object) => sample(code, { code, ...fields });
  io.use(createHandshake({ authenticate, logger, countRefusal }));
  io.use(limitConnections(connections));
  const passLong = createLongLines();
  let isDraining = false;
  refuseWhileDraining(io, () => isDraining);
  io.on("connection", (socket) => {
    const { principal } = socket.data;
    const { userId } = principal;
    const outbound = createOutbound(socket.conn, () => {
      counts.slow += 1;
      logger.warn({ event: "slow_consumer", userId });
    });
    const perSecond = limits.socketRate;
    const flood = createFlood(socket.conn, { perSecond, requests, userId });
    const mostAtWork = 2 * perSecond;
    const common = { logger, counts, noteRefusal, passLong };
    const edge = createEdge(socket, { ...common, flood, outbound, mostAtWork });
    handleDatasets(edge, datasets);
    handleJobs(edge, jobs);
    handleExports(edge, deps.exports);
    handleChannels(edge, createChannels(socket, principal, channelDeps));
    greet(socket, config.node);
    holdSession(edge, { sessions, authenticate });
  });

  return {
    io,
    counts,
    ready: cluster.ready,
    followJob: limitStreams(connections, streams.follow),
    endSessions: sessions.end,
    /** Lets nobody in any more and asks those that are there to move; resolves when all are gone. */
    async drain(): Promise<void> {
      isDraining = true;
      await Promise.all([drainSockets(io), streams.drain()]);
    },
    /** Closes every socket, stream, timer and connection of its own; the HTTP server stays. */
    async close(): Promise<void> {
      positions.close();
      sessions.close();
      streams.close();
      io.local.disconnectSockets(true);
      await io.of("/").adapter.close();
      io.engine.close();
      upgrades.endAll();
      cluster.close();
    },
  };
}
