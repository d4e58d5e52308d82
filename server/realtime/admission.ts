import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../infrastructure/logger.ts";
import { isOwnOrigin } from "../infrastructure/origin.ts";
import type { GatewayServer } from "./socket-types.ts";
import { refuseAsUnavailable, refuseUpgrade } from "./upgrade-refusal.ts";

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

/**
 * Lets at most `most` handshakes be under way at once, from the request to the greeting: a thousand clients
 * that come back together would stop this node for seconds. The others are told to try again.
 */
export function limitHandshakes(io: GatewayServer, most: number): void {
  const underWay = new Set<Socket>();
  io.engine.use((req: EngineRequest, _response: unknown, next: Next) => {
    if (!req.headers.upgrade) return next();
    if (underWay.size >= most) {
      return refuseAsUnavailable(req, "Too many are connecting; try again shortly.", 1);
    }
    underWay.add(req.socket);
    req.socket.once("close", () => underWay.delete(req.socket));
    next();
  });
  io.on("connection", ({ request }) => underWay.delete(request.socket));
}

/** Lets nobody in any more once the node is going away: not by HTTP, nor by what had been let through. */
export function refuseWhileDraining(io: GatewayServer, isDraining: () => boolean): void {
  const reason = "This node is going away; connect again.";
  io.engine.use((req: EngineRequest, _response: unknown, next: Next) => {
    if (isDraining() && req.headers.upgrade) refuseAsUnavailable(req, reason, 1);
    else next();
  });
  io.use((_socket, next) => {
    const data = { code: "unavailable", message: reason };
    next(isDraining() ? Object.assign(new Error(reason), { data }) : undefined);
  });
}

type Refusal = { req: IncomingMessage; message: string };

/** Logs handshakes refused at the HTTP level, one a second at most; no URL, a token may stand in it. */
export function logRefusals(io: GatewayServer, logger: Logger): void {
  let loggedAt = 0;
  let unlogged = 0;
  io.engine.on("connection_error", ({ req, message }: Refusal) => {
    unlogged += 1;
    if (Date.now() - loggedAt < 1000) return;
    const origin = req.headers.origin?.slice(0, 200);
    const address = req.socket.remoteAddress;
    logger.warn({ event: "handshake_refused", reason: message, origin, address, count: unlogged });
    loggedAt = Date.now();
    unlogged = 0;
  });
}
