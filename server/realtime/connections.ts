import type { PlacesOfAKind } from "../infrastructure/places.ts";
import { toRefusal } from "./handshake.ts";
import type { JobStreams } from "./job-streams.ts";
import type { GatewaySocket } from "./socket-types.ts";

/** Gives each connection one of its user's places, until it is closed; a newer one is refused. */
export function limitConnections(places: PlacesOfAKind) {
  return async (socket: GatewaySocket, next: (err?: Error) => void): Promise<void> => {
    const { conn } = socket;
    try {
      const giveBack = await places.take(socket.data.principal.userId);
      if (conn.readyState === "closed") giveBack();
      else conn.once("close", giveBack);
      next();
    } catch (err) {
      next(toRefusal(err));
    }
  };
}

/** A stream is one of its reader's connections, too. */
export const limitStreams =
  (places: PlacesOfAKind, follow: JobStreams["follow"]): JobStreams["follow"] =>
  async (principal, jobId, after, sink) => {
    try {
      sink.onClose(await places.take(principal.userId));
    } catch (err) {
      sink.cut();
      throw err;
    }
    return follow(principal, jobId, after, sink);
  };
