import { describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import { type Following, follow } from "../../client/follow.ts";
import { request } from "../../client/request.ts";
import type { ChannelPositions } from "../../protocol/channels.ts";
import { openGate } from "./support/gate.ts";
import { heard, startRedis } from "./support/redis-process.ts";
import { addJob, gather, publishMany } from "./support/things.ts";
import { redisUrl, startWorld } from "./support/world.ts";

const positionsEveryMs = 50;

const nextPosition = (socket: SluiceSocket) =>
  new Promise<ChannelPositions>((resolve) => socket.once("channel:position", resolve));

/** Reads on until the newest state, or the event with this number, has come. */
async function readUntil(following: Following, seq: number) {
  const seen: { kind: string; seq?: number; recovered?: boolean }[] = [];
  for await (const item of following) {
    const at = item.kind === "event" ? item.event.seq : item.kind === "snapshot" ? item.seq : 0;
    seen.push({
      kind: item.kind,
      seq: at,
      ...("recovered" in item && { recovered: item.recovered }),
    });
    if (at === seq) break;
  }
  return seen;
}

describe("a subscription", () => {
  it("is answered only once Redis has confirmed it, with the position as of then", async () => {
    await using gate = await openGate(redisUrl());
    await using world = await startWorld({ adapterUrl: gate.url });
    const job = addJob(world);
    const socket = await world.connect();
    const seen = gather(socket);
    const { adapter } = world.nodes[0]?.gateway.io.of("/") ?? {};
    const joined = new Promise((resolve) => adapter?.once("create-room", resolve));

    gate.shut();
    const asked = request(socket, "channel:subscribe", { channel: job.name });
    await joined;
    await publishMany(world, job, 1);
    gate.open();
    const { seq } = await asked;
    await publishMany(world, job, 1);
    await seen.until(job, 2);

    expect(seq).toBe(1);
  });

  it("is unavailable, and leaves nothing, while Redis does not confirm it", async () => {
    await using gate = await openGate(redisUrl());
    await using world = await startWorld({ adapterUrl: gate.url });
    const job = addJob(world);
    const socket = await world.connect();

    gate.shut();
    const asked = request(socket, "channel:subscribe", { channel: job.name });

    await expect(asked).rejects.toMatchObject({ code: "unavailable", retryAfter: 1 });
    expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.has(job.room)).toBe(false);
  });

  it("is unavailable while Redis is gone, when all else goes on", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, positionsEveryMs });
    const job = addJob(world);
    const socket = await world.connect();

    const cut = heard(world.redis, "close");
    await server.kill();
    await cut;
    const asked = request(socket, "channel:subscribe", { channel: job.name });

    await expect(asked).rejects.toMatchObject({ code: "unavailable" });
    expect(await socket.emitWithAck("jobs:list", {})).toMatchObject({ ok: true });
  });
});

describe("channel:position", () => {
  it("shows what a cut subscription has lost, and a follower gets it", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, positionsEveryMs });
    const job = addJob(world);
    const socket = await world.connect();
    const seen = gather(socket);
    const following = follow(socket, job.name);
    await following.next();

    await world.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    await publishMany(world, job, 3);
    const items = await readUntil(following, 3);

    expect(seen.events).toEqual([]);
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it.each([
    ["a flush", false],
    ["a restart", true],
  ])("announces the new epoch after %s, and events go on in it", async (_name, isRestart) => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, positionsEveryMs });
    const job = addJob(world);
    await publishMany(world, job, 3);
    const socket = await world.connect();
    const seen = gather(socket);
    const { epoch } = await request(socket, "channel:subscribe", { channel: job.name });
    await nextPosition(socket);

    const announced = nextPosition(socket);
    if (isRestart) {
      const cut = heard(world.redis, "close");
      await server.kill();
      await cut;
      await server.start();
    } else await world.redis.flushall();
    const { positions } = await announced;
    await world.nodes[0]?.gateway.ready();
    const answer = await request(socket, "channel:subscribe", { channel: job.name });
    await publishMany(world, job, 1);
    await seen.until(job, 1);

    expect(positions).toEqual([{ channel: job.name, epoch: answer.epoch, seq: 0 }]);
    expect(answer.epoch).not.toBe(epoch);
  });

  it("comes only for channels that the socket watches", async () => {
    await using world = await startWorld({ positionsEveryMs });
    const [mine, other] = [addJob(world, "ann"), addJob(world, "bob")];
    const [ann, bob] = [await world.connect("ann"), await world.connect("bob")];
    const heard: string[] = [];
    ann.on("channel:position", ({ positions }) => heard.push(...positions.map((p) => p.channel)));

    await request(bob, "channel:subscribe", { channel: other.name });
    await nextPosition(bob);
    await request(ann, "channel:subscribe", { channel: mine.name });
    await nextPosition(ann);

    expect(heard).toEqual([mine.name]);
  });
});

describe("a follower", () => {
  it("sees every event once and in order through cuts of the subscriptions and of its own line", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, nodes: 2, positionsEveryMs });
    const job = addJob(world);
    const socket = await world.connect("ann", 1);
    const following = follow(socket, job.name);
    await following.next();

    const reading = readUntil(following, 300);
    for (let round = 0; round < 3; round += 1) {
      await publishMany(world, job, 50);
      await world.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
      await publishMany(world, job, 25);
      socket.io.engine.close();
      await publishMany(world, job, 25);
    }
    const events = (await reading).filter(({ kind }) => kind === "event");

    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });
});
