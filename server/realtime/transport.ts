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
  listeners(event: "message"): Listener[];
  removeAllListeners(event: "message"): void;
  on(event: "message", listener: Listener): void;
};
type Listener = (data: Buffer, isBinary: boolean) => void;

/** engine.io's types keep it to themselves; WebSocket is the only transport. */
export const webSocketOf = ({ transport }: EngineConnection): WebSocket =>
  (transport as unknown as { socket: WebSocket }).socket;

/**
 * A write that fails is followed by the WebSocket's own close. engine.io would format a stack for every message that
 * still waited, which takes longer than all else of an end: to cut fifty slow readers off kept the loop busy for 200 ms.
 */
export function overlookFailedWrites({ transport }: EngineConnection): void {
  (transport as unknown as { _onSent: () => void })._onSent = () => {};
}

/**
 * Asks `isHeard` before each message, a pong excepted, whether it is to be looked at. Up to 64 KiB of messages are
 * there in one turn of the loop: one that is dropped here costs a tenth of one that is taken apart.
 */
export function listenIf(socket: WebSocket, isHeard: () => boolean): void {
  const listeners = socket.listeners("message");
  socket.removeAllListeners("message");
  socket.on("message", (data, isBinary) => {
    if (data.length > 1 && !isHeard()) return;
    for (const listener of listeners) listener.call(socket, data, isBinary);
  });
}
