import { createOwnPace } from "./flood.ts";
import type { GatewayServer } from "./socket-types.ts";
import { type EngineConnection, webSocketOf } from "./transport.ts";

const mostConnects = 20;

type Packet = { type: string; data?: unknown };

/** Closes a connection that asks for more than 20 namespaces besides its own: `/` is the only one. */
export function limitConnects(io: GatewayServer): void {
  io.engine.on("connection", (connection: EngineConnection) => {
    let connects = 0;
    connection.on("packet", ({ type, data }: Packet) => {
      // "0" is CONNECT in the Socket.IO protocol, revision 5.
      if (type !== "message" || typeof data !== "string" || !data.startsWith("0")) return;
      connects += 1;
      if (connects > mostConnects + 1) connection.close();
    });
  });
}

/**
 * Cuts a connection off that sends over `perSecond` packets of other sorts than requests, which are counted
 * elsewhere: no client has so many to send.
 */
export function limitPackets(io: GatewayServer, perSecond: number): void {
  io.engine.on("connection", (connection: EngineConnection) => {
    const own = createOwnPace(perSecond);
    connection.on("packet", ({ type, data }: Packet) => {
      // "2" is EVENT.
      const isRequest = type === "message" && typeof data === "string" && data.startsWith("2");
      if (!isRequest && own.take() > 0) webSocketOf(connection).terminate();
    });
  });
}
