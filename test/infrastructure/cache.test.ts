import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { pino } from "pino";
import { createCache } from "../../server/infrastructure/cache.ts";
import { connectForCache } from "../../server/infrastructure/redis.ts";
import { createVersions } from "../../server/infrastructure/versions.ts";

const logger = pino({ level: "silent" });

/** The cache of one node, and how often it asked for the thing and made a text of it. */
function openNode(prefix: string, url = process.env.REDIS_URL ?? "") {
  const redis = connectForCache(url, logger);
  const versions = createVersions({ redis, prefix, logger });
  const cache = createCache({ redis, versions, prefix, logger });
  const counts = { read: 0, computed: 0 };
  const ask = (thing: { _id: string; version: number }) =>
    cache.read({
      id: thing._id,
      key: "k",
      read: async () => {
        counts.read += 1;
        return { ...thing };
      },
      compute: async ({ version }) => {
        counts.computed += 1;
        return `page of ${version}\n`;
      },
    });
  return { redis, versions, ask, counts };
}

describe("the cache", () => {
  let one: ReturnType<typeof openNode>;
  let two: ReturnType<typeof openNode>;
  let thing: { _id: string; version: number };

  beforeEach(async () => {
    const prefix = `t${randomUUID()}`;
    [one, two] = [openNode(prefix), openNode(prefix)];
    thing = { _id: randomUUID(), version: 3 };
    const ready = ({ redis }: typeof one) =>
      new Promise<void>((resolve) => redis.once("ready", () => resolve()));
    await Promise.all([ready(one), ready(two)]);
  });

  afterEach(() => {
    for (const { redis } of [one, two]) redis.disconnect();
  });

  it("computes once for any number of equal requests, and not at all on another node after", async () => {
    const first = await Promise.all(Array.from({ length: 500 }, () => one.ask(thing)));
    await one.redis.ping();
    const second = await two.ask(thing);

    expect(new Set([...first, second])).toEqual(new Set(["page of 3\n"]));
    expect(one.counts.computed).toBe(1);
    expect(two.counts).toEqual({ read: 0, computed: 0 });
  });

  it("asks for the thing again once its version isn't sure any more", async () => {
    await one.ask(thing);
    await one.redis.ping();
    await one.redis.del(one.versions.keyOf(thing._id));

    expect(await one.ask(thing)).toBe("page of 3\n");
    expect(one.counts).toEqual({ read: 2, computed: 1 });
  });

  it("computes anew as soon as another node tells of a change, and heeds nobody who is slow", async () => {
    await one.ask(thing);
    thing.version = 4;
    await two.versions.changed(thing);
    await two.versions.seen({ ...thing, version: 3 }, 0);

    expect(await one.ask(thing)).toBe("page of 4\n");
    expect(one.counts.computed).toBe(2);
  });

  it("trusts what was seen for a second after it was asked for, no longer", async () => {
    await one.versions.seen(thing, 400);
    expect(await one.redis.pttl(one.versions.keyOf(thing._id))).toBeLessThanOrEqual(600);

    const other = { _id: randomUUID(), version: 1 };
    await one.versions.seen(other, 1000);
    expect(await one.redis.exists(one.versions.keyOf(other._id))).toBe(0);
  });

  it("costs one command however much is cached, when something changes, and as many for a hit", async () => {
    await one.ask(thing);
    await one.versions.changed(thing);
    const sent = countCommands(one.redis);

    await one.versions.changed(thing);
    expect(sent()).toBe(1);
    await one.ask(thing);
    expect(sent()).toBe(2);
  });

  it("is a miss, not an error, while Redis is away", async () => {
    const away = openNode("t", "redis://127.0.0.1:1");

    const text = await away.ask(thing);
    away.redis.disconnect();

    expect(text).toBe("page of 3\n");
  });
});

/** How many commands a connection has sent since. */
function countCommands(redis: Redis): () => number {
  const send = redis.sendCommand.bind(redis);
  let count = 0;
  redis.sendCommand = (...args) => {
    count += 1;
    return send(...args);
  };
  return () => count;
}
