import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { addressOf, networkOf } from "../infrastructure/address.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { isOwnOrigin } from "../infrastructure/origin.ts";
import type { Rate } from "../infrastructure/rates.ts";
import { createSampler } from "../infrastructure/sampler.ts";
import type { GatewayServer } from "./socket-types.ts";
import type { EngineConnection } from "./transport.ts";
import { refuseForNow, refuseUpgrade } from "./upgrade-refusal.ts";

type Decide = (refusal: string | null, isAllowed: boolean) => void;

/** Browsers name their origin, scripts none: allowed are none, this very host, and those of the settings. */
export function createOriginCheck(allowed: readonly string[]) {
  return ({ headers }: IncomingMessage, decide: Decide): void => {
    const { origin, host } = headers;
    const isAllowed = !origin || isOwnOrigin(origin, host, allowed);
    decide(isAllowed ? null : "This origin is not allowed", isAllowed);
  };
}

type EngineRequest = IncomingMessage & { _query?: Record<string, string> };

/** Refuses to take up a session by its id: there are no upgrades, so only a thief would name one. */
export function refuseNamedSession(request: EngineRequest, _response: unknown, next: Next): void {
  next(request._query && "sid" in request._query ? new Error("names a session") : undefined);
}

type Next = (err?: Error) => void;

/**
 * Refuses protocol revisions but 4 with 400: engine.io would finish an upgrade first and then write this
 * answer into the open WebSocket.
 */
export function refuseOtherRevisions(io: GatewayServer) {
  const refusal = { code: 5, message: "Unsupported protocol version" };
  return (req: EngineRequest, _response: unknown, next: Next): void => {
    if (req._query?.EIO === "4") {
      next();
      return;
    }
    io.engine.emit("connection_error", { req, ...refusal });
    const headers = ["Content-Type: application/json"];
    refuseUpgrade(req, { status: "400 Bad Request", headers, body: JSON.stringify(refusal) });
  };
}

/** From the request to the greeting; after that the connection is cut. */
export const longestHandshakeMs = 10_000;
/** Whoever has a place and says nothing for so long gives way to somebody else. */
const silentMs = 1000;

/**
 * Lets at most `most` handshakes be under way at once, from the request to the greeting: a thousand clients
 * that come back together would stop this node for seconds. The others are told to try again.
 */
export function limitHandshakes(io: GatewayServer, most: number): void {
  /** by connection, the moment of the request; those that have said something since stand behind */
  const underWay = new Map<Socket, number>();

  /** Ends the handshake that has been silent longest, if that is too long. */
  function makeRoom(): boolean {
    const [socket, since] = underWay.entries().next().value ?? [];
    if (!socket || since === undefined || Date.now() - since < silentMs) return false;
    underWay.delete(socket);
    socket.destroy();
    return true;
  }

  io.engine.on("connection", (connection: EngineConnection) => {
    const { socket } = connection.request;
    // A WebSocket that is closed waits for the other side to say so; this one may never.
    const late = setTimeout(() => underWay.has(socket) && socket.destroy(), longestHandshakeMs);
    socket.once("close", () => clearTimeout(late));
    connection.once("packet", () => {
      if (underWay.delete(socket)) underWay.set(socket, Number.POSITIVE_INFINITY);
    });
  });
  io.engine.use((req: EngineRequest, _response: unknown, next: Next) => {
    if (!req.headers.upgrade) return next();
    if (underWay.size >= most && !makeRoom()) {
      const detail = "Too many are connecting; try again shortly.";
      return refuseForNow(req, { code: "unavailable", detail, retryAfter: 1 });
    }
    underWay.set(req.socket, Date.now());
    req.socket.once("close", () => underWay.delete(req.socket));
    next();
  });
  io.on("connection", ({ request }) => underWay.delete(request.socket));
}

/** Lets nobody in any more once the node is going away: not by HTTP, nor by what had been let through. */
export function refuseWhileDraining(io: GatewayServer, isDraining: () => boolean): void {
  const reason = "This node is going away; connect again.";
  io.engine.use((req: EngineRequest, _response: unknown, next: Next) => {
    if (!isDraining() || !req.headers.upgrade) return next();
    refuseForNow(req, { code: "unavailable", detail: reason, retryAfter: 1 });
  });
  io.use((_socket, next) => {
    const data = { code: "unavailable", message: reason };
    next(isDraining() ? Object.assign(new Error(reason), { data }) : undefined);
  });
}

type Refusal = { req: IncomingMessage; message: string };
type RefusalDeps = { logger: Logger; refusals: Rate; hops: number };

/**
 * Counts handshakes that are refused for what they say by the address they come from, and turns those of an
 * address with too many away unread. Logs refusals, sampled; no URL, a token may stand in it.
 */
export function limitRefusals(io: GatewayServer, { logger, refusals, hops }: RefusalDeps) {
  const sample = createSampler((line) => logger.warn({ event: "handshake_refused", ...line }));

  function log(req: IncomingMessage, reason: string): void {
    const origin = req.headers.origin?.slice(0, 200);
    sample("", { reason, origin, address: addressOf(req, hops) });
  }

  const count = (req: IncomingMessage) => void refusals.tryTake(networkOf(addressOf(req, hops)));

  io.engine.use((req: EngineRequest, _response: unknown, next: Next) => {
    const isWelcome = refusals.emptyMs(networkOf(addressOf(req, hops))) === 0;
    if (isWelcome || !req.headers.upgrade) return next();
    log(req, "too many refused before");
    const detail = "Too many refused handshakes from this address.";
    refuseForNow(req, { code: "rate_limited", detail, retryAfter: 1 });
  });
  io.engine.on("connection_error", ({ req, message }: Refusal) => {
    count(req);
    log(req, message);
  });
  return {
    countRefusal(req: IncomingMessage): void {
      count(req);
      log(req, "no valid token");
    },
  };
}
