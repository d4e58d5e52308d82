import { randomUUID } from "node:crypto";
import { afterAll, afterEach, describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import { pino } from "pino";
import { createPlaces } from "../../server/infrastructure/places.ts";
import { eventually } from "../flows/support/eventually.ts";

const redis = new Redis(process.env.REDIS_URL ?? "", { maxRetriesPerRequest: 0 });
const away = new Redis({
  port: 1,
  lazyConnect: true,
  enableOfflineQueue: false,
  retryStrategy: () => null,
});
away.on("error", () => {});
const logger = pino({ level: "silent" });
const opened: { close(): void }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
afterAll(() => {
  redis.disconnect();
  away.disconnect();
});

/** A node's places, three to a user; resolves when others know of the node. */
async function openNode(prefix: string, connection = redis) {
  const known = () => redis.zcard(`${prefix}:{places}:nodes`);
  const before = await known();
  const places = createPlaces({ redis: connection, prefix, logger });
  opened.push(places);
  if (connection === redis) await eventually(known, (count) => count > before);
  return places.createKind({ name: "tests", most: 3, message: "All taken." });
}

const isTaken = (taking: Promise<unknown>) =>
  taking.then(
    () => true,
    ({ code }: { code: string }) => code !== "rate_limited",
  );

describe("places", () => {
  it("are counted over all nodes, and free again when given back", async () => {
    const prefix = randomUUID();
    const [one, other] = [await openNode(prefix), await openNode(prefix)];
    const giveBack = await one.take("ann");
    await other.take("ann");

    const taken = await Promise.all(
      [one, other, one, other].map((node) => isTaken(node.take("ann"))),
    );
    giveBack();
    giveBack();
    const later = [await isTaken(one.take("ann")), await isTaken(one.take("ann"))];

    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(later).toEqual([true, false]);
    expect(await isTaken(other.take("bob"))).toBe(true);
  });

  it("that are called the same count once", async () => {
    const prefix = randomUUID();
    const [one, other] = [await openNode(prefix), await openNode(prefix)];

    const same = await Promise.all(
      Array.from({ length: 20 }, (_, i) => isTaken((i % 2 ? one : other).take("ann", "a key"))),
    );
    const others = [
      await isTaken(one.take("ann")),
      await isTaken(other.take("ann")),
      await isTaken(one.take("ann")),
    ];

    expect(same.every(Boolean)).toBe(true);
    expect(others).toEqual([true, true, false]);
  });

  it("of a node that has died are free once it isn't heard of any more", async () => {
    const prefix = randomUUID();
    const [dying, other] = [await openNode(prefix), await openNode(prefix)];
    for (let i = 0; i < 3; i++) await dying.take("ann");
    const before = await isTaken(other.take("ann"));

    // As six seconds of silence would.
    opened.shift()?.close();
    const nodes = `${prefix}:{places}:nodes`;
    for (const node of await redis.zrange(nodes, "0", "-1")) await redis.zadd(nodes, 1, node);

    expect([before, await isTaken(other.take("ann"))]).toEqual([false, true]);
  });

  it("are told again to a Redis that has forgotten all", async () => {
    const prefix = randomUUID();
    const [one, other] = [await openNode(prefix), await openNode(prefix)];
    for (let i = 0; i < 3; i++) await one.take("ann");
    const keys = await redis.keys(`${prefix}:*`);
    await redis.del(...keys);

    await eventually(
      () => redis.hlen(`${prefix}:{places}:tests:ann`),
      (count) => count === 3,
    );

    expect(await isTaken(other.take("ann"))).toBe(false);
  });

  it("are counted by each node for itself while Redis is away", async () => {
    const node = await openNode(randomUUID(), away);

    const taken = [];
    for (let i = 0; i < 4; i++) taken.push(await isTaken(node.take("ann")));

    expect(taken).toEqual([true, true, true, false]);
  });
});
