import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { createShardedAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { pino } from "pino";
import { Server } from "socket.io";
import { connect } from "../../client/connect.ts";
import type { ChannelEvent } from "../../protocol/channels.ts";
import { decodeEnvelope, encodeEnvelope } from "../../server/infrastructure/channel-envelope.ts";
import { createPublisher } from "../../server/infrastructure/channel-publisher.ts";
import { createClusterAdapter } from "../../server/realtime/adapter.ts";
import { parser } from "../../server/realtime/parser.ts";
import { redisUrl } from "./support/world.ts";

const room = "{job:a}";
const channel = { name: "job:a", room };

/** A bare Socket.IO node with the stock adapter; who connects is in the room if it says so. */
async function startStockNode(prefix: string) {
  const [pub, sub] = [new Redis(redisUrl()), new Redis(redisUrl())];
  const io = new Server({ transports: ["websocket"] });
  let received = 0;
  sub.on("smessageBuffer", () => {
    received += 1;
  });
  io.adapter(
    createShardedAdapter(pub, sub, { channelPrefix: prefix, subscriptionMode: "dynamic" }),
  );
  io.on("connection", async (socket) => {
    if (socket.handshake.auth.token !== "watcher") return;
    await socket.join(room);
    await sub.ssubscribe(`${prefix}#/#${room}#`);
    socket.emit("hello");
  });
  io.listen(0);
  const address = io.httpServer.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    io,
    url: `http://127.0.0.1:${address.port}`,
    received: () => received,
    async [Symbol.asyncDispose]() {
      await io.close();
      for (const redis of [pub, sub]) redis.disconnect();
    },
  };
}

async function watch(url: string) {
  const socket = connect(url, { token: "watcher" });
  const event = new Promise<ChannelEvent>((resolve) => socket.once("event", resolve));
  await new Promise((resolve) => socket.once("hello", resolve));
  return { event, [Symbol.dispose]: () => socket.disconnect() };
}

describe("the stock sharded adapter", () => {
  it("receives what the script sends on each node that watches, and nothing on others", async () => {
    const prefix = `test-${randomUUID()}`;
    await using one = await startStockNode(prefix);
    await using two = await startStockNode(prefix);
    await using idle = await startStockNode(prefix);
    using first = await watch(one.url);
    using second = await watch(two.url);
    const redis = new Redis(redisUrl());

    const publish = createPublisher({ redis, prefix });
    await publish({ channel, type: "job.queued", data: { id: "a" }, id: "1" });
    const events = await Promise.all([first.event, second.event]);
    redis.disconnect();

    expect(events[0]).toMatchObject({ channel: "job:a", seq: 1, data: { id: "a" } });
    expect(events[1]).toEqual(events[0]);
    expect([one, two, idle].map((node) => node.received())).toEqual([1, 1, 0]);
  });

  it("sends itself, but for the sender's name, the very bytes that the script sends", async () => {
    const prefix = `test-${randomUUID()}`;
    await using node = await startStockNode(prefix);
    const [listener, redis] = [new Redis(redisUrl()), new Redis(redisUrl())];
    await listener.ssubscribe(`${prefix}#/#${room}#`);
    const texts: string[] = [];
    const both = new Promise<void>((resolve) =>
      listener.on("smessage", (_channel, text: string) => {
        if (texts.push(text.replace(/"uid":"\w+"/, '"uid":""')) === 2) resolve();
        else node.io.to(room).emit("event", JSON.parse(text).data.packet.data[1]);
      }),
    );

    const publish = createPublisher({ redis, prefix });
    await publish({ channel, type: "job.queued", data: { id: "a" }, id: "1" });
    await both;
    for (const connection of [listener, redis]) connection.disconnect();

    expect(texts[1]).toBe(texts[0]);
  });
});

/** A node as the gateway makes it, without the gateway. */
async function startOwnNode(prefix: string) {
  const cluster = createClusterAdapter({
    url: redisUrl(),
    prefix,
    logger: pino({ level: "silent" }),
  });
  const io = new Server({ transports: ["websocket"], parser, adapter: cluster.adapter });
  io.on("connection", async (socket) => {
    await socket.join(room);
    await cluster.confirm(room);
    socket.emit("hello");
  });
  io.listen(0);
  const address = io.httpServer.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      await io.close();
      cluster.close();
    },
  };
}

describe("the nodes' adapter", () => {
  it("hands on what the script sends as what the stock adapter makes of it", async () => {
    const prefix = `test-${randomUUID()}`;
    await using own = await startOwnNode(prefix);
    await using stock = await startStockNode(prefix);
    using first = await watch(own.url);
    using second = await watch(stock.url);
    const redis = new Redis(redisUrl());

    const publish = createPublisher({ redis, prefix });
    const data = { name: 'ö"]},\u2028"opts":{"rooms":["x"]}', empty: [] };
    await publish({ channel, type: "job.queued", data, id: "1" });
    const events = await Promise.all([first.event, second.event]);
    redis.disconnect();

    expect(events[0]).toMatchObject({ channel: "job:a", seq: 1, data });
    expect(events[0]).toEqual(events[1]);
  });

  it("takes whatever else a node says to the room in the adapter's own way", async () => {
    const prefix = `test-${randomUUID()}`;
    await using own = await startOwnNode(prefix);
    await using stock = await startStockNode(prefix);
    using watcher = await watch(own.url);

    stock.io.to(room).except("nobody").emit("event", { seq: 7 });

    expect(await watcher.event).toEqual({ seq: 7 });
  });

  it("knows the script's envelope from all others", () => {
    const { head, tail } = encodeEnvelope(room);
    const decode = (text: string) => decodeEnvelope(Buffer.from(text), room);

    expect(decode(`${head}{"a":"ö"}${tail}`)).toBe('{"a":"ö"}');
    const others = [`${head}{}`, `{}${tail}`, head, tail, "", head.slice(1) + tail];
    expect(others.map(decode)).toEqual(others.map(() => null));
    expect(decodeEnvelope(Buffer.from(`${head}{}${tail}`), "{job:b}")).toBeNull();
  });
});
