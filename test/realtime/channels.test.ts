import { describe, expect, it } from "@jest/globals";
import { request } from "../../client/request.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { addDataset, addJob, gather, publishMany } from "./support/things.ts";
import { startWorld } from "./support/world.ts";

describe("channel:subscribe", () => {
  it("answers with position and snapshot, and events follow without a gap", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, 3);
    const socket = await world.connect();
    const seen = gather(socket);

    const answer = await request(socket, "channel:subscribe", { channel: job.name });
    await publishMany(world, job, 2);
    await seen.until(job, 5);

    expect(answer).toMatchObject({ channel: job.name, seq: 3, recovered: false, events: [] });
    expect(answer.snapshot).toMatchObject({ state: "running" });
    expect(seen.seqs()).toEqual([4, 5]);
    expect(seen.events[0]?.epoch).toBe(answer.epoch);
  });

  it("brings an event to the watchers on every node", async () => {
    await using world = await startWorld({ nodes: 2 });
    const job = addJob(world);
    const [here, there] = [await world.connect("ann", 0), await world.connect("ann", 1)];
    const [seenHere, seenThere] = [gather(here), gather(there)];
    for (const socket of [here, there]) {
      await request(socket, "channel:subscribe", { channel: job.name });
    }

    await publishMany(world, job, 1);
    await Promise.all([seenHere.until(job, 1), seenThere.until(job, 1)]);

    expect(seenHere.events).toEqual(seenThere.events);
  });

  it("misses nothing that is published once it has answered", async () => {
    await using world = await startWorld({ nodes: 2 });
    const jobs = Array.from({ length: 50 }, () => addJob(world));
    const socket = await world.connect("ann", 1);
    const seen = gather(socket);

    await Promise.all(
      jobs.map(async (job) => {
        await request(socket, "channel:subscribe", { channel: job.name });
        await publishMany(world, job, 1);
        await seen.until(job, 1);
      }),
    );

    expect(seen.events).toHaveLength(50);
  });

  it("delivers each event once, however often a channel is asked for", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    const socket = await world.connect();
    const seen = gather(socket);

    const ask = () => request(socket, "channel:subscribe", { channel: job.name });
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    await publishMany(world, job, 2);
    await seen.until(job, 2);

    expect(answers.every(({ seq }) => seq === 0)).toBe(true);
    expect(seen.seqs()).toEqual([1, 2]);
  });

  it("answers what is someone else's exactly like what does not exist", async () => {
    await using world = await startWorld();
    const [job, { channel }] = [addJob(world, "bob"), addDataset(world, "bob")];
    const socket = await world.connect("ann");
    const names = [job.name, `job:${createId()}`, channel.name, `dataset:${createId()}`];

    const replies = await Promise.all(
      names.map((name) => socket.emitWithAck("channel:subscribe", { channel: name })),
    );

    expect(replies[0]).toMatchObject({ ok: false, error: { code: "not_found" } });
    for (const reply of replies) expect(reply).toEqual(replies[0]);
    expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.has(job.room)).toBe(false);
  });

  it.each(["", "*", "admin", "user:bob", "job:", "job:short", "{job:a}", "jobs:bob"])(
    "refuses %p, which is no channel",
    async (channel) => {
      await using world = await startWorld();
      const socket = await world.connect();
      const rooms = world.nodes[0]?.gateway.io.of("/").adapter.rooms.size;

      const asked = request(socket, "channel:subscribe", { channel });

      await expect(asked).rejects.toMatchObject({ code: "validation_failed" });
      expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.size).toBe(rooms);
    },
  );

  it("refuses one channel more than a connection may watch, until another is left", async () => {
    await using world = await startWorld({ channels: 2 });
    const [first, second, third] = [addJob(world), addJob(world), addJob(world)];
    const socket = await world.connect();
    const subscribe = (channel: string) => request(socket, "channel:subscribe", { channel });
    await Promise.all([subscribe(first.name), subscribe(second.name)]);

    const refused = subscribe(third.name);
    await expect(refused).rejects.toMatchObject({ code: "rate_limited" });
    await request(socket, "channel:unsubscribe", { channel: first.name });

    await expect(subscribe(third.name)).resolves.toMatchObject({ channel: third.name });
  });

  it("sends nothing more after channel:unsubscribe", async () => {
    await using world = await startWorld();
    const [left, kept] = [addJob(world), addJob(world)];
    const socket = await world.connect();
    const seen = gather(socket);
    for (const { name } of [left, kept]) {
      await request(socket, "channel:subscribe", { channel: name });
    }

    await request(socket, "channel:unsubscribe", { channel: left.name });
    await publishMany(world, left, 1);
    await publishMany(world, kept, 1);
    await seen.until(kept, 1);

    expect(seen.events.map(({ channel }) => channel)).toEqual([kept.name]);
  });

  it("ends in the order it was asked: a subscription under way is undone by channel:unsubscribe", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    const socket = await world.connect();

    const subscribing = request(socket, "channel:subscribe", { channel: job.name }).catch(() => {});
    await request(socket, "channel:unsubscribe", { channel: job.name });
    await subscribing;

    expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.has(job.room)).toBe(false);
  });

  it("keeps nothing of a socket that is gone", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    const socket = await world.connect();
    await request(socket, "channel:subscribe", { channel: job.name });
    const { adapter } = world.nodes[0]?.gateway.io.of("/") ?? {};
    const roomGone = new Promise((resolve) => adapter?.on("delete-room", resolve));

    socket.disconnect();
    await roomGone;

    expect([...(adapter?.rooms.keys() ?? [])].filter((room) => room.includes("job"))).toEqual([]);
  });
});

describe("the channel of a deleted dataset", () => {
  it("answers a position while its log lives, and is not_found without one", async () => {
    await using world = await startWorld();
    const { channel, remove } = addDataset(world);
    await publishMany(world, channel, 2);
    const { epoch } = await world.log.read(channel);
    remove();
    const socket = await world.connect();

    const after = { epoch, seq: 1 };
    const answer = await request(socket, "channel:subscribe", { channel: channel.name, after });
    const bare = request(socket, "channel:subscribe", { channel: channel.name });

    expect(answer).toMatchObject({ recovered: true, events: [{ seq: 2 }], snapshot: null });
    await expect(bare).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not_found with a position too once its log is gone", async () => {
    await using world = await startWorld();
    const { channel, remove } = addDataset(world);
    const { epoch, seq } = await world.log.read(channel);
    remove();
    const socket = await world.connect();

    const after = { epoch, seq };
    const asked = request(socket, "channel:subscribe", { channel: channel.name, after });

    await expect(asked).rejects.toMatchObject({ code: "not_found" });
  });
});
