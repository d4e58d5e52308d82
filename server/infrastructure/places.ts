import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import { createId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import { beatScript, placesSeconds, takePlaceScript } from "./place-scripts.ts";
import { createScript } from "./redis-script.ts";

const beatMs = 2000;
const mostUnsaid = 10_000;
const tellAgainMs = (placesSeconds * 1000) / 3;

export type PlaceOptions = {
  /** tells these places from others */
  name: string;
  /** how many one user may hold at a time */
  most: number;
  message: string;
};

/** Names of places by user, each with the number of those on this node that share it. */
type Held = Map<string, Map<string, number>>;
type Place = { name: string; userId: string; place: string };

type Deps = { redis: Redis; prefix: string; logger: Logger };

/**
 * Things of which a user may have a few at a time, counted over all nodes. Each node writes down what it
 * holds; what a dead one held counts for 6 s. While Redis is away each node counts its own.
 */
export function createPlaces({ redis, prefix, logger }: Deps) {
  const node = createId();
  // One slot for all: the script looks at the nodes, too.
  const keyOf = (name: string) => `${prefix}:{places}:${name}`;
  const runTake = createScript(redis, takePlaceScript);
  const runBeat = createScript(redis, beatScript);
  const ledgers = new Map<string, Held>();
  /** given back while Redis was away */
  const unsaid = new Map<string, Place>();
  let toldAt = performance.now();

  const fieldOf = (place: string) => `${node} ${place}`;
  const isHeld = ({ name, userId, place }: Place) =>
    ledgers.get(name)?.get(userId)?.has(place) ?? false;

  async function remove(one: Place): Promise<void> {
    const { name, userId, place } = one;
    const id = `${name} ${userId} ${place}`;
    try {
      // It may have been taken again meanwhile.
      if (!isHeld(one)) await redis.hdel(keyOf(`${name}:${userId}`), fieldOf(place));
      unsaid.delete(id);
    } catch {
      // Redis forgets it by itself, later.
      if (unsaid.size < mostUnsaid) unsaid.set(id, one);
    }
  }

  async function tellAll(): Promise<void> {
    for (const [name, held] of ledgers) {
      for (const [userId, places] of held) {
        const key = keyOf(`${name}:${userId}`);
        const fields = [...places.keys()].flatMap((place) => [fieldOf(place), "1"]);
        await redis.hset(key, ...fields);
        await redis.expire(key, placesSeconds);
      }
    }
    toldAt = performance.now();
  }

  async function beat(): Promise<void> {
    const isForgotten = await runBeat([keyOf("nodes")], [node]);
    if (isForgotten === 1 || performance.now() - toldAt > tellAgainMs) await tellAll();
    for (const one of [...unsaid.values()]) await remove(one);
  }

  const report = (err: unknown) => logger.debug({ err, event: "places_not_told" });
  const beatLeniently = () => void beat().catch(report);
  const heart = setInterval(beatLeniently, beatMs).unref();
  if (redis.status === "ready") beatLeniently();
  redis.on("ready", beatLeniently);

  function createKind({ name, most, message }: PlaceOptions) {
    const held: Held = new Map();
    ledgers.set(name, held);

    function giveBack(userId: string, place: string): void {
      const places = held.get(userId);
      const sharing = (places?.get(place) ?? 1) - 1;
      if (sharing > 0) {
        places?.set(place, sharing);
        return;
      }
      places?.delete(place);
      if (places?.size === 0) held.delete(userId);
      void remove({ name, userId, place });
    }

    const kind = {
      /**
       * Takes a place; those that are called the same count once. Throws `rate_limited` when all are taken.
       * The answer gives it back.
       */
      async take(userId: string, called: string = createId()): Promise<() => void> {
        const place = createHash("sha256").update(called).digest("base64url").slice(0, 22);
        const places = held.get(userId) ?? new Map<string, number>();
        const isNew = !places.has(place);
        held.set(userId, places.set(place, (places.get(place) ?? 0) + 1));
        const asked = [keyOf("nodes"), keyOf(`${name}:${userId}`)];
        const isTaken = await runTake(asked, [most, node, place]).then(
          (answer) => answer === 1,
          () => !isNew || places.size <= most,
        );
        if (!isTaken) {
          giveBack(userId, place);
          throw new AppError("rate_limited", message, { retryAfter: 5 });
        }
        let isOver = false;
        return () => {
          if (!isOver) giveBack(userId, place);
          isOver = true;
        };
      },

      /** Holds a place while `work` goes on. */
      async hold<T>(
        userId: string,
        called: string | undefined,
        work: () => Promise<T>,
      ): Promise<T> {
        const giveBack = await kind.take(userId, called);
        try {
          return await work();
        } finally {
          giveBack();
        }
      },
    };
    return kind;
  }

  return { createKind, close: () => clearInterval(heart) };
}

export type Places = ReturnType<typeof createPlaces>;
export type PlacesOfAKind = ReturnType<Places["createKind"]>;
