import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { createShardedAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { connect } from "../../client/connect.ts";
import type { ChannelEvent } from "../../protocol/channels.ts";
import { createPublisher } from "../../server/infrastructure/channel-publisher.ts";
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
