import type { GatewayServer } from "./socket-types.ts";

const mostConnects = 20;

type EngineConnection = {
  on(event: "packet", listener: (packet: { type: string; data?: unknown }) => void): void;
  close(discard?: boolean): void;
};

/** Closes a connection that asks for more than 20 namespaces besides its own: `/` is the only one. */
export function limitConnects(io: GatewayServer): void {
  io.engine.on("connection", (connection: EngineConnection) => {
    let connects = 0;
    connection.on("packet", ({ type, data }) => {
      // "0" is CONNECT in the Socket.IO protocol, revision 5.
      if (type !== "message" || typeof data !== "string" || !data.startsWith("0")) return;
      connects += 1;
      if (connects > mostConnects + 1) connection.close();
    });
  });
}
