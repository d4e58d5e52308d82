import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import { within } from "../infrastructure/deadline.ts";
import type { GatewayServer, GatewaySocket } from "./socket-types.ts";

const longestMs = 5000;
/** Sockets move one after another, so that they don't all arrive at once elsewhere. */
const spreadMs = 2000;

/** Asks every socket of this node to reconnect, each at its own moment; resolves when all are gone, after 5 s at most. */
export async function drainSockets(io: GatewayServer): Promise<void> {
  const gone = [...io.of("/").sockets.values()].map(async (socket) => {
    const left = untilGone(socket);
    const reconnectAfter = Math.round(Math.random() * spreadMs) / 1000;
    socket.emit("server:draining", { reconnectAfter });
    await left;
  });
  // Whoever is still there is closed with the gateway.
  await within(longestMs, Promise.all(gone)).catch(() => {});
}

const untilGone = (socket: GatewaySocket) =>
  new Promise((resolve) => socket.once("disconnect", resolve));

/** Remembers the connections that became sockets, to end them all; each would wait 30 s for a peer that is gone. */
export function trackUpgrades(httpServer: HttpServer) {
  const open = new Set<Socket>();
  httpServer.on("upgrade", ({ socket }) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return {
    endAll: () => {
      for (const socket of open) socket.destroySoon();
    },
  };
}
