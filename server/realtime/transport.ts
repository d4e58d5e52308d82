import type { GatewaySocket } from "./socket-types.ts";

/** A connection of engine.io, under one socket of the one namespace. */
export type EngineConnection = GatewaySocket["conn"];

/** What of the WebSocket under it (ws) there is to steer by. */
type WebSocket = {
  /** bytes that were sent and haven't left this process */
  bufferedAmount: number;
  pause(): void;
  resume(): void;
  terminate(): void;
};

/** engine.io's types keep it to themselves; WebSocket is the only transport. */
export const webSocketOf = ({ transport }: EngineConnection): WebSocket =>
  (transport as unknown as { socket: WebSocket }).socket;
