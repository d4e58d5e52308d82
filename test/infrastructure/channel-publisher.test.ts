import { describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import { createChannelLog } from "../../server/infrastructure/channel-log.ts";
import { createPublisher } from "../../server/infrastructure/channel-publisher.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { connectForRequests } from "../../server/infrastructure/redis.ts";
import { heard, startRedis } from "../realtime/support/redis-process.ts";
import { logger, redisUrl } from "../realtime/support/world.ts";

const channel = { name: "job:a", room: "{job:a}" };
const event = (id: string) => ({ channel, type: "job.progress", data: { id }, id });

/** `count` publishers, each with a connection of its own, over one log. */
function open({ url = redisUrl(), count = 1, prefix = `test-${createId()}` } = {}) {
  const connections = Array.from({ length: count }, () => connectForRequests(url, logger));
  const publishers = connections.map((redis) => createPublisher({ redis, prefix }));
  const [redis, publish] = [connections[0], publishers[0]];
  if (!redis || !publish) throw new Error("needs one publisher");
  return {
    prefix,
    redis,
    publish,
    publishers,
    log: createChannelLog({ redis, prefix }),
    async readAll() {
      const { epoch } = await this.log.read(channel);
      const { events } = await this.log.read(channel, { epoch, seq: 0 });
      return events.map((text) => JSON.parse(text));
    },
    [Symbol.dispose]: () => {
      for (const connection of connections) connection.disconnect();
    },
  };
}

describe("publishing", () => {
  it("numbers the events of many publishers without a gap, and sends them in that order", async () => {
    using opened = open({ count: 4 });
    using subscriber = disposable(new Redis(redisUrl()));
    await subscriber.redis.ssubscribe(`${opened.prefix}#/#${channel.room}#`);
    const sent: { seq: number }[] = [];
    const all = new Promise<void>((resolve) =>
      subscriber.redis.on("smessage", (_channel, text: string) => {
        sent.push(JSON.parse(text).data.packet.data[1]);
        if (sent.length === 400) resolve();
      }),
    );

    const messages = Array.from({ length: 100 }, (_, n) => n);
    await Promise.all(
      opened.publishers.flatMap((publish, p) => messages.map((n) => publish(event(`${p}:${n}`)))),
    );
    await all;

    expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
    expect(await opened.readAll()).toEqual(sent);
  });

  it("writes an event as clients see it", async () => {
    using opened = open();

    await opened.publish({ channel, type: "job.queued", data: { name: 'ö"\u2028' }, id: "1" });

    expect(await opened.readAll()).toEqual([
      {
        channel: "job:a",
        epoch: expect.stringMatching(/^[\w-]{21,}$/),
        seq: 1,
        type: "job.queued",
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        data: { name: 'ö"\u2028' },
      },
    ]);
  });

  it("answers a message id of the last 1,000 as it did before, and adds nothing", async () => {
    using opened = open();
    await opened.publish(event("first"));
    for (let n = 2; n <= 1000; n += 1) await opened.publish(event(`${n}`));

    const answer = await opened.publish(event("first"));

    expect(answer).toBe(true);
    expect(await opened.log.read(channel)).toMatchObject({ seq: 1000 });
  });

  it("keeps the message ids bounded", async () => {
    using opened = open();
    for (let n = 1; n <= 3100; n += 1) await opened.publish(event(`${n}`));

    const keys = [0, 1].map((n) => `${opened.prefix}:${channel.room}:ids:${n}`);
    const [even = 0, odd = 0] = await Promise.all(keys.map((key) => opened.redis.hlen(key)));

    expect(even + odd).toBeGreaterThanOrEqual(1000);
    expect(even + odd).toBeLessThanOrEqual(2000);
  });

  it("refuses what carries an older fence than the newest for the same thing", async () => {
    using opened = open();
    const under = (of: string, value: number) =>
      opened.publish({ ...event(createId()), fence: { of, value } });

    const answers = [
      await under("job-1", 2),
      await under("job-1", 1),
      await under("job-2", 1),
      await under("job-1", 2),
      await under("job-1", 10),
      await under("job-1", 9),
    ];

    expect(answers).toEqual([true, false, true, true, true, false]);
    expect(await opened.log.read(channel)).toMatchObject({ seq: 4 });
  });

  it("leaves nothing without an end in Redis", async () => {
    using opened = open();
    await opened.publish({ ...event("1"), fence: { of: "job", value: 1 } });

    const keys = await opened.redis.keys(`${opened.prefix}:*`);
    const seconds = await Promise.all(keys.map((key) => opened.redis.ttl(key)));

    expect(keys).toHaveLength(4);
    expect(seconds.every((left) => left > 3590 && left <= 14 * 24 * 3600)).toBe(true);
  });
});

describe("an epoch", () => {
  it("ends when Redis has lost its data", async () => {
    await using server = await startRedis();
    using opened = open({ url: server.url });
    await opened.publish(event("1"));
    const before = await opened.log.read(channel);

    await opened.redis.flushall();
    await opened.publish(event("2"));
    const after = await opened.log.read(channel, before);

    expect(after).toMatchObject({ seq: 1, recovered: false, events: [] });
    expect(after.epoch).not.toBe(before.epoch);
  });

  it("ends when Redis was restarted, though it kept its data", async () => {
    await using server = await startRedis();
    using opened = open({ url: server.url });
    await opened.publish({ ...event("1"), fence: { of: "job", value: 5 } });
    const before = await opened.log.read(channel);

    const cut = heard(opened.redis, "close");
    await server.kill();
    await cut;
    await server.start();
    const refused = await opened.publish({ ...event("2"), fence: { of: "job", value: 4 } });
    await opened.publish(event("1"));
    const after = await opened.log.read(channel, before);

    expect(refused).toBe(false);
    expect(after).toMatchObject({ seq: 1, recovered: false });
    expect(after.epoch).not.toBe(before.epoch);
  });
});

describe("while Redis is away", () => {
  it("a message waits for a Redis that comes back soon, and is added once", async () => {
    await using server = await startRedis();
    using opened = open({ url: server.url });
    await opened.publish(event("1"));

    const cut = heard(opened.redis, "close");
    await server.kill();
    await cut;
    const publishing = opened.publish(event("2"));
    for (let tries = 0; tries < 4; tries += 1) await heard(opened.redis, "reconnecting");
    await server.start();

    expect(await publishing).toBe(true);
    expect(await opened.readAll()).toMatchObject([{ seq: 1, data: { id: "2" } }]);
  });

  it("a message fails with unavailable in the end", async () => {
    await using server = await startRedis();
    using opened = open({ url: server.url });
    await opened.publish(event("1"));

    await server.kill();

    await expect(opened.publish(event("2"))).rejects.toMatchObject({ code: "unavailable" });
  });
});

const disposable = (redis: Redis) => ({ redis, [Symbol.dispose]: () => redis.disconnect() });
