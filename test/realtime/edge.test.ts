import { describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import { startWorld, type World } from "./support/world.ts";

/** Sends what the types of the contract would not let pass. */
type Anything = {
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  emit(event: string, ...args: unknown[]): void;
};
const anything = (socket: SluiceSocket): Anything => socket as unknown as Anything;

const closed = (socket: SluiceSocket) =>
  new Promise<string>((resolve) => socket.once("disconnect", resolve));

const isInvalid = { ok: false, error: { code: "validation_failed" } };
const lives = { ok: true, data: { items: [] } };

const nested = (depth: number, inner: unknown): unknown =>
  depth === 0 ? inner : { filter: nested(depth - 1, inner) };

describe("a socket request", () => {
  it.each([
    ["no payload", []],
    ["two payloads", [{}, {}]],
    ["null", [null]],
    ["an array", [[]]],
    ["a string", ["{}"]],
    ["binary", [Buffer.from("{}")]],
    ["an unknown key", [{ skip: 10 }]],
    ["a limit of 0", [{ limit: 0 }]],
    ["an operator as a value", [{ cursor: { $ne: null } }]],
    ["a NUL", [{ cursor: "a\0b" }]],
    ["a lone surrogate", [{ cursor: "\ud800" }]],
    ["60 KB in a short field", [{ state: "x".repeat(60_000) }]],
    ["100 levels", [nested(100, 1)]],
    ["a key __proto__", [JSON.parse('{"__proto__":{"x":1}}')]],
    ["a deep key __proto__", [nested(4, JSON.parse('{"__proto__":{"x":1}}'))]],
    ["a key constructor", [{ constructor: { prototype: { x: 1 } } }]],
  ])("with %s is answered validation_failed", async (_name, payloads) => {
    await using world = await startWorld();
    const socket = await world.connect();

    const reply = await anything(socket).emitWithAck("jobs:list", ...payloads);

    expect(reply).toMatchObject(isInvalid);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("without an acknowledgement is dropped and counted", async () => {
    await using world = await startWorld();
    const socket = await world.connect();

    anything(socket).emit("jobs:list", {});
    anything(socket).emit("jobs:list");
    const reply = await socket.emitWithAck("jobs:list", {});

    expect(reply).toMatchObject(lives);
    expect(world.nodes[0]?.gateway.counts).toMatchObject({ dropped: 2, unknown: 0 });
  });

  it("that meets a fault of the server is answered internal, without a detail", async () => {
    await using world = await startWorld();
    const socket = await world.connect();

    const reply = await socket.emitWithAck("records:list", { datasetId: "a".repeat(22) });

    expect(reply).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(JSON.stringify(reply)).not.toContain("secret");
  });
});

describe("an event that is none of the contract", () => {
  it.each(["error", "toString", "__proto__", "job.completed", "event", "session:ended"])(
    "called %p is answered not_found and reaches nobody",
    async (name) => {
      await using world = await startWorld();
      const [socket, neighbour] = [await world.connect("ann"), await world.connect("ann")];
      const heard: string[] = [];
      neighbour.onAny((event: string) => heard.push(event));

      const reply = await anything(socket).emitWithAck(name, { state: "completed" });
      await neighbour.emitWithAck("jobs:list", {});

      expect(reply).toMatchObject({ ok: false, error: { code: "not_found" } });
      expect(heard).toEqual([]);
    },
  );

  it("is answered 20 times, then the connection is closed", async () => {
    await using world = await startWorld();
    const socket = await world.connect();
    const end = closed(socket);

    const replies = await Promise.all(
      Array.from({ length: 20 }, () => anything(socket).emitWithAck("nothing", {})),
    );
    anything(socket).emit("nothing", {});

    expect(replies.every((reply) => JSON.stringify(reply).includes("not_found"))).toBe(true);
    expect(await end).toMatch(/server disconnect|transport close/);
  });
});

describe("a connection that breaks the protocol", () => {
  const neighbourLives = async (world: World) =>
    (await world.connect("bob")).emitWithAck("jobs:list", {});

  it.each([
    ["a packet of type 9", ["9"]],
    ["cut JSON", ['2["jobs:list",{']],
    ["a reserved event", ['20["connect_error",{}]']],
    ["disconnect as an event", ['20["disconnect"]']],
    ["a wrong placeholder", ['51-["jobs:list",{"_placeholder":true,"num":7}]', Buffer.from("x")]],
    ["1,000 announced attachments", ['51000-["jobs:list",{}]']],
    ["a second CONNECT", ["0"]],
  ])("with %s is closed, alone", async (_name, packets) => {
    await using world = await startWorld();
    const socket = await world.connect();
    const end = closed(socket);

    for (const packet of packets) socket.io.engine.send(packet);

    expect(await end).toBeDefined();
    expect(await neighbourLives(world)).toMatchObject(lives);
  });

  it("with a message over the limit is closed with code 1009, alone", async () => {
    await using world = await startWorld();
    const socket = await world.connect();
    const code = new Promise((resolve) =>
      socket.once("disconnect", (_reason, details) => resolve(Object(details).context?.code)),
    );

    socket.io.engine.send("2".repeat(64 * 1024));

    expect(await code).toBe(1009);
    expect(await neighbourLives(world)).toMatchObject(lives);
  });

  it("is answered connect_error for other namespaces, and closed after 20", async () => {
    await using world = await startWorld();
    const socket = await world.connect();
    const end = closed(socket);
    const refused: string[] = [];
    socket.io.on("packet", ({ type, nsp, data }) => refused.push(`${type} ${nsp} ${data.message}`));

    for (let n = 0; n < 20; n += 1) socket.io.engine.send("0/admin,");
    const reply = await socket.emitWithAck("jobs:list", {});
    socket.io.engine.send("0/admin,");

    expect(reply).toMatchObject(lives);
    expect(refused.filter((line) => line === "4 /admin Invalid namespace")).toHaveLength(20);
    expect(await end).toBeDefined();
  });
});
