import { createShardedAdapter } from "@socket.io/redis-adapter";
import type { Redis } from "ioredis";
import type { Namespace } from "socket.io";
import { Adapter } from "socket.io-adapter";
import { PacketType } from "socket.io-parser";
import { AppError } from "../errors.ts";
import { decodeEnvelope, nodesChannel, roomChannel } from "../infrastructure/channel-envelope.ts";
import { Encoded } from "../infrastructure/encoded.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { connectPatiently } from "../infrastructure/redis.ts";

/**
 * Links the nodes: the sharded adapter in dynamic mode, over two patient connections of its own. It
 * awaits none of its commands, so their failures (at the end, or with a Redis away) are caught here.
 */
export function createClusterAdapter(deps: { url: string; prefix: string; logger: Logger }) {
  const publisher = connectPatiently(deps.url, deps.logger);
  const subscriber = connectPatiently(deps.url, deps.logger);
  const report = (err: unknown) => deps.logger.debug({ err, event: "adapter_command_failed" });

  const createAdapter = createShardedAdapter(
    withoutRejections(publisher, report),
    withoutRejections(subscriber, report),
    { channelPrefix: deps.prefix, subscriptionMode: "dynamic" },
  );

  // Socket.IO calls it with `new`.
  function adapter(nsp: Namespace) {
    return passOnText(createAdapter(nsp), deps.prefix);
  }

  /** Resolves once this node hears the others; only pending while Redis is away. */
  async function ready(): Promise<void> {
    await subscriber.ssubscribe(nodesChannel(deps.prefix));
  }

  /** Resolves once Redis has confirmed that this node hears a room which a socket has just joined. */
  async function confirm(room: string): Promise<void> {
    // Commands of one connection are answered in order: this one after the adapter's own.
    await subscriber.ssubscribe(roomChannel(deps.prefix, room));
  }

  /** Calls `listen` with the pub/sub channel of each message that reaches this node. */
  function onMessage(listen: (channel: Buffer) => void): void {
    subscriber.on("smessageBuffer", listen);
  }

  /** Throws `unavailable` at once while no subscription can be made. */
  function requireConnection(): void {
    if (subscriber.status === "ready") return;
    throw new AppError("unavailable", "Channels can't be watched right now.", { retryAfter: 1 });
  }

  function close(): void {
    publisher.disconnect();
    subscriber.disconnect();
  }

  return { adapter, ready, confirm, onMessage, requireConnection, close };
}

export type ClusterAdapter = ReturnType<typeof createClusterAdapter>;

/** What is public in JavaScript alone: where the adapter takes each message of Redis. */
type Receiver = { onRawMessage(message: Buffer, channel: Buffer): void };

/**
 * Events of channels go on to the room's sockets as the text that they are; parsing and encoding them again
 * was a quarter of what an event costs a node. All other messages take the adapter's own way.
 */
function passOnText(adapter: ReturnType<ReturnType<typeof createShardedAdapter>>, prefix: string) {
  const receiver = adapter as unknown as Receiver;
  const receive = receiver.onRawMessage;
  const before = roomChannel(prefix, "").length - 1;
  receiver.onRawMessage = (message, channel) => {
    const room = channel.toString().slice(before, -1);
    const json = decodeEnvelope(message, room);
    if (json === null) return receive.call(adapter, message, channel);
    const packet = { type: PacketType.EVENT, data: ["event", new Encoded(json)] };
    Adapter.prototype.broadcast.call(adapter, packet, { rooms: new Set([room]) });
  };
  return adapter;
}

/** What the adapter uses of a client (its dist/util.js), each promise caught. */
function withoutRejections(redis: Redis, report: (err: unknown) => void) {
  return {
    on: redis.on.bind(redis),
    ssubscribe: (channel: string) => redis.ssubscribe(channel).catch(report),
    sunsubscribe: (channels: string | string[]) =>
      redis.sunsubscribe(...[channels].flat()).catch(report),
    spublish: (channel: string, message: string) => redis.spublish(channel, message).catch(report),
    send_command: (name: string, args: string[], callback: (err: unknown, n?: unknown) => void) =>
      redis.call(name, ...args).then((n) => callback(null, n), callback),
  };
}
