import type { Redis } from "ioredis";
import type { Logger } from "./logger.ts";

const secondsToLive = 60;

/**
 * Texts under keys that never change their meaning (a version is part of the key). Equal requests on
 * one node share one computation; a Redis that is down is a miss, never an error.
 */
export function createCache(deps: { redis: Redis; prefix: string; logger: Logger }) {
  const pending = new Map<string, Promise<string>>();

  async function lookUp(key: string, compute: () => Promise<string>): Promise<string> {
    const name = `${deps.prefix}:cache:${key}`;
    const cached = await deps.redis.get(name).catch(() => null);
    if (cached !== null) return cached;
    const text = await compute();
    deps.redis.set(name, text, "EX", secondsToLive).catch((err: unknown) => {
      deps.logger.debug({ err, event: "cache_write_failed" });
    });
    return text;
  }

  return {
    read(key: string, compute: () => Promise<string>): Promise<string> {
      const shared = pending.get(key);
      if (shared) return shared;
      const flight = lookUp(key, compute).finally(() => pending.delete(key));
      pending.set(key, flight);
      return flight;
    },
  };
}

export type Cache = ReturnType<typeof createCache>;
