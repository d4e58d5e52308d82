import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import { takeAtPace } from "../../server/infrastructure/gcra.ts";
import { createRates, type RateOptions } from "../../server/infrastructure/rates.ts";

const redis = new Redis(process.env.REDIS_URL ?? "", { maxRetriesPerRequest: 0 });
const away = new Redis({
  port: 1,
  lazyConnect: true,
  enableOfflineQueue: false,
  retryStrategy: () => null,
});
away.on("error", () => {});
afterAll(() => {
  redis.disconnect();
  away.disconnect();
});

/** A clock that stands still: the pace of a second brings nothing while a test runs. */
const options: RateOptions = { name: "test", perSecond: 0.01, burst: 10, message: "Too often." };
const openNode = (prefix: string, connection = redis) =>
  createRates({ redis: connection, prefix })(options);
const takeMany = async (rate: ReturnType<typeof openNode>, count: number, who = "ann") => {
  const waits = await Promise.all(Array.from({ length: count }, () => rate.tryTake(who)));
  return waits.filter((ms) => ms === 0).length;
};

describe("a rate", () => {
  it("gives a burst in all, however many nodes take of it at once", async () => {
    const prefix = randomUUID();
    const nodes = [openNode(prefix), openNode(prefix)] as const;

    const granted = await Promise.all(nodes.map((node) => takeMany(node, 30)));

    expect((granted[0] ?? 0) + (granted[1] ?? 0)).toBe(10);
    expect(await takeMany(nodes[0], 10, "bob")).toBe(10);
  });

  it("is rate_limited over it, and says in whole seconds when there is more", async () => {
    const node = openNode(randomUUID());
    await takeMany(node, 10);

    const refused = await node.take("ann").catch((err: unknown) => err);

    expect(refused).toMatchObject({ code: "rate_limited", message: "Too often.", retryAfter: 100 });
    expect(node.emptyMs("ann")).toBeGreaterThan(0);
    expect(node.emptyMs("bob")).toBe(0);
  });

  it("costs a busy user one command for many requests, a refused one none", async () => {
    const prefix = randomUUID();
    const own = redis.duplicate();
    const rate = createRates({ redis: own, prefix })({ ...options, perSecond: 1000, burst: 2000 });
    await rate.tryTake("ann");
    let sent = 0;
    const send = own.sendCommand.bind(own);
    own.sendCommand = (...args: Parameters<typeof send>) => {
      sent += 1;
      return send(...args);
    };

    for (let i = 0; i < 99; i++) await rate.tryTake("ann");

    expect(sent).toBe(0);
    own.disconnect();
  });

  it("is kept by each node for itself while Redis is away", async () => {
    const prefix = randomUUID();

    const granted = [
      await takeMany(openNode(prefix, away), 30),
      await takeMany(openNode(prefix, away), 30),
    ];

    expect(granted).toEqual([10, 10]);
  });

  it("leaves nothing in Redis once it is whole again", async () => {
    const prefix = randomUUID();
    const rate = createRates({ redis, prefix })({ ...options, perSecond: 1000, burst: 1000 });

    await rate.tryTake("ann");

    expect(await redis.pttl(`${prefix}:{test:ann}:rate`)).toBeLessThanOrEqual(101);
  });
});

describe("the pace itself", () => {
  it("never grants more than a burst and what has come since", () => {
    const pace = { perSecond: 3, burst: 7 };
    let arrival = 0;
    let granted = 0;

    for (let now = 1_700_000_000_000, end = now + 10_000; now <= end; now += 10) {
      const taken = takeAtPace(pace, arrival, now, 2);
      arrival = taken.arrival;
      granted += taken.granted;
    }

    expect(granted).toBe(7 + 3 * 10);
  });
});
