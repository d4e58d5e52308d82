import { describe, expect, it } from "@jest/globals";
import { addJob, publishMany } from "../realtime/support/things.ts";
import { startWorld } from "../realtime/support/world.ts";

describe("recovery from a position", () => {
  it("gives every event after it, in order, up to the position of the answer", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, 500);
    const { epoch } = await world.log.read(job);

    const read = await world.log.read(job, { epoch, seq: 0 });

    expect(read).toMatchObject({ epoch, seq: 500, recovered: true });
    expect(read.events.map((text) => JSON.parse(text).seq)).toEqual(
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
  });

  it("is complete and empty at the newest event, also when the log is gone", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, 3);
    const { epoch, seq } = await world.log.read(job);
    await world.redis.del(`${world.prefix}:${job.room}:log`);

    const read = await world.log.read(job, { epoch, seq });

    expect(read).toEqual({ epoch, seq: 3, recovered: true, events: [], hasLog: false });
  });

  it.each([
    ["from another epoch", 3, ({ seq }: { seq: number }) => ({ epoch: "another", seq })],
    ["ahead of the log", 3, ({ epoch }: { epoch: string }) => ({ epoch, seq: 4 })],
    ["more than 500 events behind", 501, ({ epoch }: { epoch: string }) => ({ epoch, seq: 0 })],
    [
      "of the largest number there is",
      3,
      ({ epoch }: { epoch: string }) => ({ epoch, seq: 2 ** 53 - 1 }),
    ],
  ])("is not called complete %s", async (_name, count, toAfter) => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, count);

    const after = toAfter(await world.log.read(job));
    const read = await world.log.read(job, after);

    expect(read).toMatchObject({ seq: count, recovered: false, events: [] });
  });

  it("ends at 256 KiB of events", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, 5, 60_000);
    const { epoch } = await world.log.read(job);

    const [four, five] = await Promise.all([
      world.log.read(job, { epoch, seq: 1 }),
      world.log.read(job, { epoch, seq: 0 }),
    ]);

    expect(four).toMatchObject({ recovered: true });
    expect(five).toMatchObject({ recovered: false, events: [] });
  });

  it("is not called complete when the log was trimmed or has a hole", async () => {
    await using world = await startWorld();
    const [trimmed, holed] = [addJob(world), addJob(world)];
    for (const job of [trimmed, holed]) await publishMany(world, job, 10);
    await world.redis.xtrim(`${world.prefix}:${trimmed.room}:log`, "MAXLEN", 5);
    await world.redis.xdel(`${world.prefix}:${holed.room}:log`, "7-0");

    const reads = await Promise.all(
      [trimmed, holed].map(async (job) => {
        const { epoch } = await world.log.read(job);
        return [
          await world.log.read(job, { epoch, seq: 4 }),
          await world.log.read(job, { epoch, seq: 7 }),
        ];
      }),
    );

    expect(reads.flat().map(({ recovered }) => recovered)).toEqual([false, true, false, true]);
  });

  it("reaches back at least 1,000 events, and the log stays near that length", async () => {
    await using world = await startWorld();
    const job = addJob(world);
    await publishMany(world, job, 2500);

    const key = `${world.prefix}:${job.room}:log`;
    const length = await world.redis.xlen(key);

    expect(length).toBeGreaterThanOrEqual(1000);
    expect(length).toBeLessThan(1200);
  });
});

describe("positions", () => {
  it("are those of the channels asked for, beginning an epoch where there is none", async () => {
    await using world = await startWorld();
    const [quiet, busy] = [addJob(world), addJob(world)];
    await publishMany(world, busy, 2);

    const first = await world.log.positions([quiet, busy]);
    const second = await world.log.positions([quiet, busy]);

    expect(first.map(({ seq }) => seq)).toEqual([0, 2]);
    expect(second).toMatchObject(first.map(({ epoch, seq }) => ({ epoch, seq })));
  });
});
