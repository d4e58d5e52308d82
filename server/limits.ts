import type { Config } from "./config.ts";
import type { Places } from "./infrastructure/places.ts";
import type { CreateRate } from "./infrastructure/rates.ts";

/** What a user may do by HTTP. */
export const createCallLimits = (
  createRate: CreateRate,
  places: Places,
  limits: Config["limits"],
) => ({
  calls: createRate({
    name: "calls",
    perSecond: limits.restRate,
    burst: limits.restBurst,
    message: "Too many calls; slow down.",
  }),
  uploads: places.createKind({
    name: "uploads",
    most: limits.uploadsPerUser,
    message: `You have ${limits.uploadsPerUser} uploads under way; wait for one to end.`,
  }),
});

/** What a user may do over sockets, and an address that isn't let in. */
export const createSocketLimits = (
  createRate: CreateRate,
  places: Places,
  limits: Pick<Config["limits"], "socketUserRate" | "refusedHandshakes" | "connections">,
) => ({
  requests: createRate({
    name: "requests",
    perSecond: limits.socketUserRate,
    burst: 2 * limits.socketUserRate,
    message: "Too many requests; slow down.",
  }),
  refusals: createRate({
    name: "refusals",
    perSecond: limits.refusedHandshakes,
    burst: limits.refusedHandshakes,
    message: "Too many refused handshakes from this address.",
  }),
  connections: places.createKind({
    name: "connections",
    most: limits.connections,
    message: `You have ${limits.connections} connections; close one first.`,
  }),
});
