import type { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import { createBoundedMap } from "./bounded-map.ts";
import { type Grant, type Pace, takeAtPace, takeScript } from "./gcra.ts";
import { createScript } from "./redis-script.ts";

/** Whoever has been quiet longest is forgotten: a flood of names must not fill the memory. */
const mostAccounts = 10_000;
/** A node takes as much at a time as lasts for 100 ms, so that a busy user isn't a command a request. */
const lotsPerSecond = 10;
/** What wasn't used of a lot by then is lost. */
const lotMs = 1000;
/** A Redis that didn't answer isn't asked again at once. */
const awayMs = 1000;

type Account = {
  /** taken from Redis and not used yet */
  left: number;
  leftUntil: number;
  /** nothing to be had until then */
  emptyUntil: number;
  /** of the pace in this node's memory, while Redis is away */
  arrival: number;
  waiting: number;
  filling: Promise<void> | null;
};

const newAccount = (): Account => ({
  left: 0,
  leftUntil: 0,
  emptyUntil: 0,
  arrival: 0,
  waiting: 0,
  filling: null,
});

export type RateOptions = Pace & {
  /** tells the keys of this rate from others */
  name: string;
  /** what was too often, for people */
  message: string;
};

type Deps = { redis: Redis; prefix: string; now?: () => number };

/**
 * Rates that all nodes share, each kept per name of whom it concerns. While Redis is away every node goes by
 * a memory of its own, so that nothing is refused or let through for that reason.
 */
export function createRates({ redis, prefix, now = Date.now }: Deps) {
  const run = createScript(redis, takeScript);
  let awayUntil = 0;

  async function ask(key: string, pace: Pace, account: Account, wanted: number): Promise<Grant> {
    if (now() >= awayUntil) {
      try {
        const step = 1000 / pace.perSecond;
        const [granted, waitMs] = (await run([key], [step, pace.burst, wanted])) as number[];
        return { granted: granted ?? 0, waitMs: waitMs ?? 0 };
      } catch {
        awayUntil = now() + awayMs;
      }
    }
    const taken = takeAtPace(pace, account.arrival, now(), wanted);
    account.arrival = taken.arrival;
    return taken;
  }

  return function createRate({ name, message, ...pace }: RateOptions) {
    const accounts = createBoundedMap(mostAccounts, newAccount);
    const lot = Math.max(1, Math.floor(pace.perSecond / lotsPerSecond));

    async function fill(who: string, account: Account): Promise<void> {
      const wanted = Math.max(lot, account.waiting);
      const key = `${prefix}:{${name}:${who}}:rate`;
      const { granted, waitMs } = await ask(key, pace, account, wanted);
      if (granted > 0) account.left += granted;
      else account.emptyUntil = now() + waitMs;
      account.leftUntil = now() + lotMs;
      account.filling = null;
    }

    /** Takes one; gives 0, or the ms after which there is one again. */
    async function tryTake(who: string): Promise<number> {
      const account = accounts.open(who);
      account.waiting += 1;
      try {
        for (;;) {
          if (now() > account.leftUntil) account.left = 0;
          if (account.left > 0) {
            account.left -= 1;
            return 0;
          }
          const waitMs = account.emptyUntil - now();
          if (waitMs > 0) return waitMs;
          account.filling ??= fill(who, account);
          await account.filling;
        }
      } finally {
        account.waiting -= 1;
      }
    }

    return {
      tryTake,

      /** Takes one; throws `rate_limited` where there is none. */
      async take(who: string): Promise<void> {
        const waitMs = await tryTake(who);
        if (waitMs > 0) throw tooOften(message, waitMs);
      },

      /** For how many ms more there is nothing, as far as this node knows without asking. */
      emptyMs: (who: string): number => Math.max(0, (accounts.find(who)?.emptyUntil ?? 0) - now()),
    };
  };
}

export type CreateRate = ReturnType<typeof createRates>;
export type Rate = ReturnType<CreateRate>;

/** `rate_limited`, to be tried again after so many ms, told in whole seconds. */
export function tooOften(message: string, waitMs: number): AppError {
  return new AppError("rate_limited", message, {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
