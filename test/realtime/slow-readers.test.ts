import { describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import { eventually } from "../flows/support/eventually.ts";
import { addJob, gather, publishMany } from "./support/things.ts";
import { startWorld } from "./support/world.ts";

type Tap = { pause(): void; resume(): void };
/** The WebSocket under a client (ws), which can leave what comes unread. */
const tapOf = (socket: SluiceSocket) => (socket.io.engine.transport as unknown as { ws: Tap }).ws;

type Transport = { onError: (...args: unknown[]) => void };

/** Counts the writes that engine.io finds failed, each of which it formats a stack for. */
function countFailedWrites(conn: object | undefined): () => number {
  const { transport } = conn as { transport: Transport };
  const onError = transport.onError.bind(transport);
  let count = 0;
  transport.onError = (...args) => {
    count += 1;
    onError(...args);
  };
  return () => count;
}

/** More than the kernel keeps for two ends of a connection. */
const events = 900;
const padding = 12_000;

describe("a reader that stops reading", () => {
  it("is cut off while its neighbour gets everything, and may come back and resume", async () => {
    await using world = await startWorld();
    const gateway = world.nodes[0]?.gateway;
    const [slow, neighbour] = [await world.connect("ann"), await world.connect("ann")];
    const channel = addJob(world);
    for (const socket of [slow, neighbour]) {
      await socket.emitWithAck("channel:subscribe", { channel: channel.name });
    }
    const heard = gather(neighbour);
    const failedWrites = countFailedWrites(gateway?.io.of("/").sockets.get(slow.id ?? "")?.conn);
    const tap = tapOf(slow);

    tap.pause();
    await publishMany(world, channel, events, padding);
    await heard.until(channel, events);
    await eventually(
      async () => gateway?.io.of("/").sockets.size,
      (size) => size === 1,
    );
    const back = new Promise((resolve) => slow.once("hello", resolve));
    tap.resume();
    await back;
    const resumed = await slow.emitWithAck("channel:subscribe", { channel: channel.name });

    expect(heard.seqs()).toEqual(Array.from({ length: events }, (_, i) => i + 1));
    expect(gateway?.counts.slow).toBe(1);
    expect(failedWrites()).toBeLessThanOrEqual(1);
    expect(resumed).toMatchObject({ ok: true, data: { seq: events } });
  });

  it("but asks on is answered as it reads, however much that is", async () => {
    await using world = await startWorld();
    const [socket, neighbour] = [await world.connect("ann"), await world.connect("bob")];
    const channel = addJob(world);
    await publishMany(world, channel, 20, padding);
    const { epoch } = await world.log.read(channel);
    const ask = { channel: channel.name, after: { epoch, seq: 0 } };
    const tap = tapOf(socket);

    const asked = Array.from({ length: 60 }, () => socket.emitWithAck("channel:subscribe", ask));
    tap.pause();
    // Time enough for all of them to be answered, if they were.
    for (let i = 0; i < 300; i++) await neighbour.emitWithAck("jobs:list", {});
    tap.resume();
    const replies = await Promise.all(asked);

    expect(replies.every((reply) => reply.ok && reply.data.events.length === 20)).toBe(true);
    expect(world.nodes[0]?.gateway.counts.slow).toBe(0);
  });
});
