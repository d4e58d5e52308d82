import type { Redis } from "ioredis";
import type { Logger } from "./logger.ts";
import { createScript } from "./redis-script.ts";

/** However a word of a change gets lost, nobody goes by an older version for longer. */
const trustedMs = 1000;

/** A version never takes the place of a newer one: who is slow to tell of an older isn't heard. */
const remember = `
local known = tonumber(redis.call("GET", KEYS[1]))
if known and known > tonumber(ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`;

export type Versioned = { _id: string; version: number };

type Deps = { redis: Redis; prefix: string; logger: Logger };

/**
 * The newest version of a thing that nodes share, so that what is cached under it can be given out without
 * asking MongoDB. A Redis that is down knows of none, and that is no error.
 */
export function createVersions({ redis, prefix, logger }: Deps) {
  const run = createScript(redis, remember);
  const keyOf = (id: string) => `${prefix}:{${id}}:version`;

  async function tell(id: string, version: number, ms: number): Promise<void> {
    await run([keyOf(id)], [version, ms]).catch((err: unknown) => {
      logger.debug({ err, event: "version_not_told" });
    });
  }

  return {
    keyOf,

    /** To be called after each change: one command, however much is cached. */
    changed: ({ _id, version }: Versioned): Promise<void> => tell(_id, version, trustedMs),

    /** What was read from MongoDB so many ms ago. */
    async seen({ _id, version }: Versioned, ageMs: number): Promise<void> {
      const left = Math.floor(trustedMs - ageMs);
      if (left > 0) await tell(_id, version, left);
    },
  };
}

export type Versions = ReturnType<typeof createVersions>;
