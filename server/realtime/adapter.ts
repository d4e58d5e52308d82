import { createShardedAdapter } from "@socket.io/redis-adapter";
import type { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import { nodesChannel, roomChannel } from "../infrastructure/channel-envelope.ts";
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

  const adapter = createShardedAdapter(
    withoutRejections(publisher, report),
    withoutRejections(subscriber, report),
    { channelPrefix: deps.prefix, subscriptionMode: "dynamic" },
  );

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
