import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createCache } from "../../server/infrastructure/cache.ts";
import { connectForCache } from "../../server/infrastructure/redis.ts";

const logger = pino({ level: "silent" });
const open = (url = process.env.REDIS_URL ?? "") => connectForCache(url, logger);
const ready = (redis: ReturnType<typeof open>) =>
  new Promise<void>((resolve) => redis.once("ready", () => resolve()));

describe("the cache", () => {
  it("computes once for any number of equal requests, and not at all on another node after", async () => {
    const prefix = `t${randomUUID()}`;
    const redis = [open(), open()] as const;
    await Promise.all(redis.map(ready));
    const [one, two] = redis.map((r) => createCache({ redis: r, prefix, logger }));
    let computed = 0;
    const compute = async () => {
      computed += 1;
      return `page ${computed}`;
    };

    const first = await Promise.all(Array.from({ length: 500 }, () => one?.read("k", compute)));
    await redis[0].ping();
    const second = await two?.read("k", compute);
    for (const r of redis) r.disconnect();

    expect(new Set([...first, second])).toEqual(new Set(["page 1"]));
    expect(computed).toBe(1);
  });

  it("is a miss, not an error, while Redis is away", async () => {
    const redis = open("redis://127.0.0.1:1");
    const cache = createCache({ redis, prefix: "t", logger });

    const text = await cache.read("k", async () => "computed");
    redis.disconnect();

    expect(text).toBe("computed");
  });
});
