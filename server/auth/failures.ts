import type { Redis } from "ioredis";
import { createBoundedMap } from "../infrastructure/bounded-map.ts";
import { createScript } from "../infrastructure/redis-script.ts";

const windowMs = 60_000;
const firstDelayMs = 15_000;
const longestDelayMs = 15 * 60_000;
const mostInMemory = 10_000;

/**
 * Counts a try before it is made, so that many at once are no way round. KEYS: the account's failures.
 * ARGV: most a minute. Gives the ms to wait, 0 if it may be made.
 */
const tryScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'tries', 'closedUntil')
local tries, closedUntil = tonumber(held[1] or 0), tonumber(held[2] or 0)
if closedUntil > now then return closedUntil - now end
tries = tries + 1
redis.call('HSET', KEYS[1], 'tries', tries)
local most = tonumber(ARGV[1])
if tries >= most then
  local delay = math.min(${firstDelayMs} * 2 ^ math.min(tries - most, 20), ${longestDelayMs})
  redis.call('HSET', KEYS[1], 'closedUntil', string.format('%.0f', now + delay))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', delay + ${longestDelayMs}))
elseif tries == 1 then
  redis.call('PEXPIRE', KEYS[1], ${windowMs})
end
return 0
`;

/** The same in this node's memory. */
type Record = { tries: number; closedUntil: number; forgottenAt: number };

type Deps = { redis: Redis; prefix: string; most: number };

/**
 * Failed tries by account: `most` within a minute, then one after 15 s, 30 s, 1 min, … 15 min. Forgotten
 * once one succeeds, or 15 min after the last delay. While Redis is away each node counts its own.
 */
export function createFailures({ redis, prefix, most }: Deps) {
  const run = createScript(redis, tryScript);
  const keyOf = (account: string) => `${prefix}:{${account}}:failures`;
  const inMemory = createBoundedMap(mostInMemory, (): Record => ({ ...nothing }));

  function countInMemory(account: string): number {
    const now = Date.now();
    const record = inMemory.open(account);
    if (record.forgottenAt <= now) Object.assign(record, nothing);
    if (record.closedUntil > now) return record.closedUntil - now;
    record.tries += 1;
    if (record.tries >= most) {
      const delay = Math.min(firstDelayMs * 2 ** (record.tries - most), longestDelayMs);
      record.closedUntil = now + delay;
      record.forgottenAt = record.closedUntil + longestDelayMs;
    } else if (record.tries === 1) {
      record.forgottenAt = now + windowMs;
    }
    return 0;
  }

  return {
    /** Counts a try as failed; gives 0, or the ms until one may be made. */
    async count(account: string): Promise<number> {
      try {
        return Number(await run([keyOf(account)], [most]));
      } catch {
        return countInMemory(account);
      }
    },

    /** The try was none of a guesser. */
    async forget(account: string): Promise<void> {
      inMemory.delete(account);
      await redis.del(keyOf(account)).catch(() => {});
    },
  };
}

export type Failures = ReturnType<typeof createFailures>;

const nothing: Record = { tries: 0, closedUntil: 0, forgottenAt: 0 };
