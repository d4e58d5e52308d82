import { describe, expect, it } from "@jest/globals";
import { connect, type SluiceSocket } from "../../client/connect.ts";
import type { Reply } from "../../protocol/socket.ts";
import { createOwnPace, createPatience } from "../../server/realtime/flood.ts";
import { eventually } from "../flows/support/eventually.ts";
import { openConnection } from "../flows/support/handshake.ts";
import { upgrade } from "./support/upgrade.ts";
import { startWorld, type World } from "./support/world.ts";

const addressOf = (world: World, node = 0) => world.nodes[node]?.address ?? "";
const closed = (socket: SluiceSocket) =>
  new Promise<string>((resolve) => socket.once("disconnect", resolve));

/** Asks so many times at once; how many were answered, how many refused. */
async function ask(socket: SluiceSocket, times: number) {
  const replies: Reply<unknown>[] = await Promise.all(
    Array.from({ length: times }, () => socket.emitWithAck("jobs:list", {})),
  );
  const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.error]));
  return { answered: times - refused.length, refused };
}

describe("the requests of one connection", () => {
  it("over its burst are rate_limited, and those of others aren't", async () => {
    await using world = await startWorld({ socketRate: 1 });
    const [socket, neighbour] = [await world.connect("ann"), await world.connect("bob")];

    const { answered, refused } = await ask(socket, 30);

    // On a busy machine seconds pass.
    expect(answered).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThanOrEqual(25);
    expect(refused[0]).toMatchObject({ code: "rate_limited", retryAfter: 1 });
    const { refused: others } = await ask(neighbour, 1);
    expect(others).toEqual([]);
    expect(world.nodes[0]?.gateway.counts.refused).toBe(refused.length);
  });

  it("count without an acknowledgement and by names that nobody knows, too", async () => {
    await using world = await startWorld({ socketRate: 1 });
    const socket = await world.connect();
    const anything = socket as unknown as { emit(event: string): void };

    for (let i = 0; i < 10; i++) {
      anything.emit("jobs:list");
      anything.emit("nothing");
    }
    await ask(socket, 1);

    expect(world.nodes[0]?.gateway.counts.refused).toBeGreaterThanOrEqual(15);
  });

  it.each([
    ["pongs", () => "3"],
    ["acknowledgements", () => "31[]"],
  ])("a flood of %s ends the connection, alone", async (_what, packet) => {
    await using world = await startWorld({ socketRate: 5 });
    const [socket, neighbour] = [await world.connect("ann"), await world.connect("bob")];
    const end = closed(socket);
    const { ws } = socket.io.engine.transport as unknown as { ws: { send(text: string): void } };

    for (let i = 0; i < 20; i++) ws.send(packet());

    expect(await end).toBe("transport close");
    expect(await ask(neighbour, 1)).toMatchObject({ answered: 1 });
  });
});

describe("what a flood has sent when it isn't listened to any more", () => {
  it("isn't looked at", async () => {
    await using world = await startWorld({ socketRate: 5 });
    const [socket, neighbour] = [await world.connect("ann"), await world.connect("bob")];
    const { ws } = socket.io.engine.transport as unknown as { ws: { send(text: string): void } };
    const refused = () => world.nodes[0]?.gateway.counts.refused ?? 0;

    for (let i = 0; i < 2000; i++) ws.send(`42${i}["jobs:list",{}]`);

    // As many as are answered, at least; the others came in the same turn of the loop.
    await eventually(
      async () => refused(),
      (count) => count >= 50,
    );
    expect(await ask(neighbour, 1)).toMatchObject({ answered: 1 });
    expect(refused()).toBeLessThanOrEqual(200);
  });
});

describe("the requests of a user", () => {
  it("are counted over all connections and nodes", async () => {
    await using world = await startWorld({ nodes: 2, userRate: 1 });
    const sockets = [await world.connect("ann", 0), await world.connect("ann", 1)] as const;

    const first = await ask(sockets[0], 2);
    const others = await Promise.all([ask(sockets[1], 5), ask(sockets[0], 5)]);

    expect(first.answered).toBe(2);
    // Seconds may have passed.
    expect(others[0].answered + others[1].answered).toBeLessThanOrEqual(3);
    expect(await ask(await world.connect("bob", 1), 1)).toMatchObject({ answered: 1 });
  });
});

describe("a limit kept up", () => {
  const clock = () => {
    const at = { now: 1_700_000_000_000 };
    return { at, now: () => at.now };
  };

  it("is enough after 10 s on end, and begins anew after a pause", () => {
    const { at, now } = clock();
    const patience = createPatience(now);
    const refuseFor = (ms: number) => {
      for (const end = at.now + ms; at.now < end; at.now += 500) {
        if (patience.isOver()) return true;
      }
      return false;
    };

    expect(refuseFor(9500)).toBe(false);
    at.now += 6000;
    expect(refuseFor(9500)).toBe(false);
    expect(refuseFor(1500)).toBe(true);
  });

  it("lets through what the rate allows meanwhile", () => {
    const { at, now } = clock();
    const { take } = createOwnPace(50, now);
    let granted = 0;

    for (let i = 0; i < 10_000; i++, at.now += 1) if (take() === 0) granted += 1;

    expect(granted).toBe(100 + 50 * 10 - 1);
  });

  it("earns nothing for the time in which nobody listens", () => {
    const { at, now } = clock();
    const { take, skip } = createOwnPace(50, now);
    const takeAll = () => {
      let granted = 0;
      while (take() === 0) granted += 1;
      return granted;
    };

    const first = takeAll();
    skip(2000);
    at.now += 2000;
    const second = takeAll();
    at.now += 1000;

    expect([first, second, takeAll()]).toEqual([100, 0, 50]);
  });
});

describe("the connections of a user", () => {
  it("are counted over all nodes; the newest is refused until one is closed", async () => {
    await using world = await startWorld({ nodes: 2, connections: 2 });
    await eventually(
      () => world.redis.zcard(`${world.prefix}:{places}:nodes`),
      (nodes) => nodes === 2,
    );
    const first = await world.connect("ann", 0);
    const second = await world.connect("ann", 1);

    const third = await openConnection(addressOf(world, 0), { auth: { token: "ann" } });
    const stranger = await openConnection(addressOf(world, 0), { auth: { token: "bob" } });
    first.disconnect();
    const later = connect(addressOf(world, 1), { token: "ann" });
    await new Promise((resolve) => later.once("hello", resolve));
    later.disconnect();

    expect(third.refused).toMatchObject({ code: "rate_limited" });
    expect(stranger.refused).toBeNull();
    expect(second.connected).toBe(true);
  });
});

describe("refused handshakes", () => {
  it("of an address are so many a second, then 429, and nobody's connection suffers", async () => {
    await using world = await startWorld({ refusals: 1 });
    const socket = await world.connect("ann");
    const knock = () => openConnection(addressOf(world), { auth: { token: "" } });

    const first = await knock();
    let turnedAway = await upgrade(addressOf(world));
    while (turnedAway.status !== 429) {
      await Promise.all([knock(), knock()]);
      turnedAway = await upgrade(addressOf(world));
    }

    expect(first).toMatchObject({ refused: { code: "unauthorized" } });
    expect(turnedAway.headers["retry-after"]).toBe("1");
    expect(JSON.parse(turnedAway.body)).toMatchObject({ code: "rate_limited", retryAfter: 1 });
    expect(await ask(socket, 1)).toMatchObject({ answered: 1 });
  });
});
