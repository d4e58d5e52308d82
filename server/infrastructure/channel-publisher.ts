import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import type { Message, Publish } from "./channel.ts";
import { encodeEnvelope, encodeEvent, roomChannel } from "./channel-envelope.ts";
import { channelKeys, epochSuffix } from "./channel-keys.ts";
import { appendScript } from "./channel-scripts.ts";
import { createScript, type RedisScript } from "./redis-script.ts";

const retryForMs = 2000;
const pauseMs = 100;

/**
 * The only emitter of channel events, for nodes and workers alike. Tries for 2 s to reach Redis, under
 * one message id, then throws `unavailable`. `redis` is a connection that fails fast.
 */
export function createPublisher({ redis, prefix }: { redis: Redis; prefix: string }): Publish {
  const append = createScript(redis, appendScript);

  return async (message) => {
    const { keys, args } = encode(prefix, message);
    return (await insist(append, keys, args)) === 1;
  };
}

function encode(prefix: string, { channel, type, data, id, fence }: Message) {
  const envelope = encodeEnvelope(channel.room);
  const event = encodeEvent(channel, type, data);
  const target = roomChannel(prefix, channel.room);
  return {
    keys: channelKeys(prefix, channel),
    args: [
      epochSuffix(),
      id,
      target,
      envelope.head,
      envelope.tail,
      event.before,
      event.after,
      fence?.of ?? "",
      fence?.value ?? 0,
    ],
  };
}

/** Sending again is safe: the script answers an id that it knows as it did before. */
async function insist(script: RedisScript, keys: string[], args: (string | number)[]) {
  const deadline = Date.now() + retryForMs;
  for (;;) {
    try {
      return await script(keys, args);
    } catch (err) {
      const isAway = err instanceof AppError && err.code === "unavailable";
      if (!isAway || Date.now() + pauseMs > deadline) throw err;
      await pause(pauseMs);
    }
  }
}
