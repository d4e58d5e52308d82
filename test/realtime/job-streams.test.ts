import { describe, expect, it } from "@jest/globals";
import type { Sink, Told } from "../../server/realtime/job-follower.ts";
import { createLookout } from "../faults/support/lookout.ts";
import { openGate } from "./support/gate.ts";
import { startRedis } from "./support/redis-process.ts";
import { addJob, publishMany } from "./support/things.ts";
import { authenticate, redisUrl, startWorld, type World } from "./support/world.ts";

const positionsEveryMs = 50;

/** Keeps what it is told. */
function createSink() {
  const told: Told[] = [];
  const listeners: (() => void)[] = [];
  const { tell, until } = createLookout();
  let isClosed = false;
  const close = () => {
    isClosed = true;
    for (const listen of listeners.splice(0)) listen();
  };
  const sink: Sink = {
    tell(one) {
      told.push(one);
      tell();
    },
    end: close,
    cut: close,
    onClose: (listen) => listeners.push(listen),
  };
  return {
    sink,
    told,
    isClosed: () => isClosed,
    seqs: () => told.map(({ at }) => at.seq),
    until: (seq: number) =>
      until(() => told.find(({ at }) => at.seq === seq), `the event ${seq}`, 10),
  };
}

async function follow(world: World, job: { name: string }, node = 0) {
  const seen = createSink();
  const jobId = job.name.slice("job:".length);
  const { gateway } = world.nodes[node] ?? {};
  await gateway?.followJob(await authenticate("ann"), jobId, undefined, seen.sink);
  return seen;
}

describe("a stream of a job's events", () => {
  it("gets what a cut subscription has lost at the next look at the log", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, positionsEveryMs });
    const job = addJob(world);
    const seen = await follow(world, job);

    for (let round = 1; round <= 5; round += 1) {
      await world.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
      await publishMany(world, job, 3);
      await seen.until(3 * round);
    }

    expect(seen.seqs()).toEqual(Array.from({ length: 16 }, (_, seq) => seq));
    expect(seen.told.map(({ type }) => type)).toEqual([
      "snapshot",
      ...Array.from({ length: 15 }, () => "job.progress"),
    ]);
  });

  it("goes on from a snapshot when Redis has lost its log", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ url: server.url, positionsEveryMs });
    const job = addJob(world);
    await publishMany(world, job, 3);
    const seen = await follow(world, job);

    await world.redis.flushall();
    await seen.until(0);
    await publishMany(world, job, 1);
    await seen.until(1);

    const [first, second, third] = seen.told;
    expect(seen.seqs()).toEqual([3, 0, 1]);
    expect([first?.type, second?.type, third?.type]).toEqual([
      "snapshot",
      "snapshot",
      "job.progress",
    ]);
    expect(second?.at.epoch).not.toBe(first?.at.epoch);
  });

  it("shares the room of a job with sockets, whoever of them leaves first", async () => {
    await using world = await startWorld({ nodes: 1 });
    const job = addJob(world);
    const socket = await world.connect();
    await socket.emitWithAck("channel:subscribe", { channel: job.name });
    const seen = await follow(world, job);

    await socket.emitWithAck("channel:unsubscribe", { channel: job.name });
    await publishMany(world, job, 1);
    await seen.until(1);
    seen.sink.end();

    expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.has(job.room)).toBe(false);
  });

  it("is refused, and leaves nothing, while Redis confirms no subscription", async () => {
    await using gate = await openGate(redisUrl());
    await using world = await startWorld({ adapterUrl: gate.url });
    const job = addJob(world);

    gate.shut();
    const asked = follow(world, job);

    await expect(asked).rejects.toMatchObject({ code: "unavailable", retryAfter: 1 });
    expect(world.nodes[0]?.gateway.io.of("/").adapter.rooms.has(job.room)).toBe(false);
  });

  it("is refused by a node that is going away", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    const seen = await follow(world, job);

    await world.nodes[0]?.gateway.drain();

    expect(seen.isClosed()).toBe(true);
    await expect(follow(world, job)).rejects.toMatchObject({ code: "unavailable" });
  });
});
