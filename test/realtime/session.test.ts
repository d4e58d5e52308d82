import { describe, expect, it } from "@jest/globals";
import { connect, type SluiceSocket } from "../../client/connect.ts";
import type { SessionEnded } from "../../protocol/socket.ts";
import { startRedis } from "./support/redis-process.ts";
import { startWorld } from "./support/world.ts";

const ended = (socket: SluiceSocket) =>
  new Promise<SessionEnded>((resolve) => socket.once("session:ended", resolve));
const closed = (socket: SluiceSocket) =>
  new Promise<string>((resolve) => socket.once("disconnect", resolve));
const expiring = (socket: SluiceSocket) =>
  new Promise<{ expiresAt: string }>((resolve) => socket.once("session:expiring", resolve));

describe("a connection", () => {
  it("hears at half of its token's life that it ends, and ends with it", async () => {
    await using world = await startWorld();
    const socket = await world.connect("ann 600");
    const told: string[] = [];

    const notice = expiring(socket).then(() => told.push("expiring"));
    const end = ended(socket).then((why) => told.push(why.code));
    await Promise.all([notice, end, closed(socket)]);

    expect(told).toEqual(["expiring", "token_expired"]);
  });

  it("stays for a token that lives longer than a timer can wait", async () => {
    await using world = await startWorld();
    const socket = await world.connect(`ann ${2 ** 32}`);

    const reply = await socket.emitWithAck("jobs:list", {});

    expect(reply).toMatchObject({ ok: true });
  });

  it("outlives its token by a fresh one of the same session, and ends with that", async () => {
    await using world = await startWorld();
    const socket = await world.connect("ann 1000 desk");
    const isOver = ended(socket);

    const { expiresAt } = await expiring(socket);
    const renewed = await socket.emitWithAck("session:renew", { token: "ann 1500 desk" });
    const again = await expiring(socket);

    const later = renewed.ok ? renewed.data.expiresAt : "";
    expect(again).toEqual({ expiresAt: later });
    expect(Date.parse(later)).toBeGreaterThan(Date.parse(expiresAt));
    expect(await isOver).toEqual({ code: "token_expired" });
  });

  it.each([
    ["of another session", "ann 60000 phone"],
    ["that ends earlier", "ann 1000 desk"],
    ["that has ended", "expired"],
    ["that is none", "."],
  ])("isn't renewed by a token %s, and goes on as before", async (_which, token) => {
    await using world = await startWorld();
    const socket = await world.connect("ann 30000 desk");

    const renewal = await socket.emitWithAck("session:renew", { token });
    const reply = await socket.emitWithAck("jobs:list", {});

    expect(renewal).toMatchObject({ ok: false, error: { code: "unauthorized" } });
    expect(reply).toMatchObject({ ok: true });
  });

  it("is closed on every node when its session ends, and no other is", async () => {
    await using world = await startWorld({ nodes: 2 });
    const sockets = await Promise.all([0, 1].map((node) => world.connect("ann 60000 desk", node)));
    const other = await world.connect("ann 60000 phone", 1);
    const all = sockets.map((socket) => Promise.all([ended(socket), closed(socket)]));

    world.nodes[0]?.gateway.endSessions(["desk"]);

    for (const [why] of await Promise.all(all)) expect(why).toEqual({ code: "session_revoked" });
    expect(await other.emitWithAck("jobs:list", {})).toMatchObject({ ok: true });
  });

  it("is closed by the next check when no word of the end came", async () => {
    await using server = await startRedis();
    await using world = await startWorld({ nodes: 1, url: server.url, sessionsEveryMs: 50 });
    const socket = await world.connect("ann 60000 desk");
    const other = await world.connect("ann 60000 phone");
    await server.kill();
    const isOver = ended(socket);

    world.ended.add("desk");

    expect(await isOver).toEqual({ code: "session_revoked" });
    expect(await other.emitWithAck("jobs:list", {})).toMatchObject({ ok: true });
  });

  it("is closed at once if its session ended while it was let in", async () => {
    await using world = await startWorld();
    world.nodes[0]?.gateway.endSessions(["desk"]);

    // The map of this world lets everybody in, as a store would that was asked just before.
    const socket = connect(world.nodes[0]?.address, { token: "ann 60000 desk" });

    expect(await ended(socket)).toEqual({ code: "session_revoked" });
  });
});
