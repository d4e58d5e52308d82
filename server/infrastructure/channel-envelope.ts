import type { ChannelRef } from "./channel.ts";

/**
 * What `@socket.io/redis-adapter` 8.3.0 itself would send for `io.to(room).emit("event", …)`: a BROADCAST
 * (3) of an EVENT packet (2). `uid` is the one that `socket.io-adapter` 2.5.8 keeps for emitters.
 */
export function encodeEnvelope(room: string) {
  const opts = JSON.stringify({ rooms: [room], except: [], flags: {} });
  return {
    head: '{"type":3,"data":{"packet":{"type":2,"data":["event",',
    tail: `]},"opts":${opts}},"uid":"emitter","nsp":"/"}`,
  };
}

/** The event's JSON in a message from `roomChannel(prefix, room)`; null for what isn't such an envelope. */
export function decodeEnvelope(message: Buffer, room: string): string | null {
  const { head, tail } = encodeEnvelope(room);
  const end = message.length - Buffer.byteLength(tail);
  if (end < head.length || message.toString("latin1", 0, head.length) !== head) return null;
  return message.toString("utf8", end) === tail ? message.toString("utf8", head.length, end) : null;
}

/** A SERVER_SIDE_EMIT (9), as of `io.serverSideEmit(event, payload)`: for the nodes, not for their sockets. */
export const encodeToNodes = (event: string, payload: unknown): string =>
  JSON.stringify({ type: 9, data: { packet: [event, payload] }, uid: "emitter", nsp: "/" });

/** Name of the sharded pub/sub channel on which the adapter hears what concerns all nodes. */
export const nodesChannel = (prefix: string): string => `${prefix}#/#`;

/** And the one on which it hears a room (dynamic mode, namespace `/`). */
export const roomChannel = (prefix: string, room: string): string =>
  `${nodesChannel(prefix)}${room}#`;

/** JSON of an event around its epoch and seq, which only Redis knows: `before epoch ","seq": seq after`. */
export function encodeEvent(channel: ChannelRef, type: string, data: unknown) {
  const rest = JSON.stringify({ type, at: new Date().toISOString(), data });
  return {
    before: `{"channel":${JSON.stringify(channel.name)},"epoch":"`,
    after: `,${rest.slice(1)}`,
  };
}
