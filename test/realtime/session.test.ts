import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { sessionRoom } from "../../server/realtime/session.ts";
import { startWorld } from "./support/world.ts";

describe("a connection", () => {
  it("ends when its access token does, and says why", async () => {
    await using world = await startWorld();
    const socket = await world.connect("ann 300");

    const ended = new Promise((resolve) => socket.once("session:ended", resolve));
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));

    expect(await ended).toEqual({ code: "token_expired" });
    expect(await closed).toBeDefined();
  });

  it("stays for a token that lives longer than a timer can wait", async () => {
    await using world = await startWorld();
    const socket = await world.connect(`ann ${2 ** 32}`);

    const reply = await socket.emitWithAck("jobs:list", {});

    expect(reply).toMatchObject({ ok: true });
  });

  it("can be closed from any node by its session", async () => {
    await using world = await startWorld({ nodes: 2 });
    const socket = io(world.nodes[1]?.address ?? "", {
      transports: ["websocket"],
      auth: { token: "ann" },
    });
    const { sessionId } = await new Promise<{ sessionId: string }>((resolve) =>
      socket.once("hello", resolve),
    );
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));

    world.nodes[0]?.gateway.io.in(sessionRoom(sessionId)).disconnectSockets(true);

    expect(await closed).toBeDefined();
    socket.disconnect();
  });
});
