import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { askRedis } from "./redis.ts";

export type RedisScript = (keys: string[], args: (string | number)[]) => Promise<unknown>;

/** A Lua script, sent by its hash and in full only to a Redis that doesn't have it yet. */
export function createScript(redis: Redis, source: string): RedisScript {
  const sha = createHash("sha1").update(source).digest("hex");
  return (keys, args) =>
    askRedis(async () => {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...args);
      } catch (err) {
        if (!isUnknownScript(err)) throw err;
        return redis.eval(source, keys.length, ...keys, ...args);
      }
    });
}

/** Redis puts the code of an error in front of its text. */
function isUnknownScript(err: unknown): boolean {
  return err instanceof Error && err.message.startsWith("NOSCRIPT ");
}
