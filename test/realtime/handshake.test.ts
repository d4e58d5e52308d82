import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { upgrade } from "./support/upgrade.ts";
import { startWorld } from "./support/world.ts";

/** What a handshake with this auth payload ends with: a greeting, or the data of its refusal. */
function shakeHands(address = "", auth: object = {}, query: Record<string, string> = {}) {
  const socket = io(address, { transports: ["websocket"], forceNew: true, auth, query });
  const end = new Promise<object>((resolve) => {
    socket.on("hello", resolve);
    socket.on("connect_error", (error) => resolve({ ...error }));
  });
  return end.finally(() => socket.disconnect());
}

describe("a handshake", () => {
  it("is greeted with who is signed in, whatever else its payload claims", async () => {
    await using world = await startWorld();

    const claims = { token: "ann", userId: "bob", role: "admin", roles: ["admin"] };
    const hello = await shakeHands(world.nodes[0]?.address, claims);

    expect(hello).toEqual({
      protocol: 1,
      node: "node-0",
      user: { id: "ann", email: "ann@example.org", name: "ann" },
      sessionId: expect.stringMatching(/^[\w-]+$/),
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it.each([
    [{}, "unauthorized"],
    [{ token: { $gt: "" } }, "unauthorized"],
    [{ token: "expired" }, "token_expired"],
  ])("with %p is refused as %s", async (auth, code) => {
    await using world = await startWorld();

    const refusal = await shakeHands(world.nodes[0]?.address, auth);

    expect(refusal).toEqual({ data: { code, message: expect.any(String) } });
  });

  it("tells nothing of a fault of the server", async () => {
    await using world = await startWorld();

    const refusal = await shakeHands(world.nodes[0]?.address, { token: "broken" });

    expect(refusal).toMatchObject({ data: { code: "internal" } });
    expect(JSON.stringify(refusal)).not.toContain("secret");
  });

  it("with a token in its URL is unauthorized, though that token is good", async () => {
    await using world = await startWorld();

    const both = await shakeHands(world.nodes[0]?.address, { token: "ann" }, { token: "ann" });

    expect(both).toMatchObject({ data: { code: "unauthorized" } });
  });
});

describe("the HTTP side of a handshake", () => {
  it.each([undefined, "same", "https://app.example"])("lets the origin %p in", async (origin) => {
    await using world = await startWorld();
    const address = world.nodes[0]?.address ?? "";

    const { status } = await upgrade(address, {
      ...(origin && { origin: origin === "same" ? address : origin }),
    });

    expect(status).toBe(101);
  });

  it.each(["https://evil.example", "null", "https://app.example.evil.example", "http://127.0.0.1"])(
    "refuses the origin %p",
    async (origin) => {
      await using world = await startWorld();

      const { status, body } = await upgrade(world.nodes[0]?.address ?? "", { origin });

      expect([400, 403]).toContain(status);
      expect(body).not.toContain("sid");
    },
  );

  it.each([
    ["EIO=3&transport=websocket", "Unsupported protocol version"],
    ["transport=websocket", "Unsupported protocol version"],
    ["EIO=4&transport=polling", "Transport unknown"],
    ["EIO=4&transport=websocket&sid=", "Bad request"],
  ])("refuses %p", async (query, reason) => {
    await using world = await startWorld();

    const { status, body } = await upgrade(world.nodes[0]?.address ?? "", { query });

    expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining(reason) });
  });

  it("refuses a polling request without a session id or an open door for other origins", async () => {
    await using world = await startWorld();

    const answer = await fetch(`${world.nodes[0]?.address}/socket.io/?EIO=4&transport=polling`, {
      headers: { Origin: "https://evil.example" },
    });

    expect(answer.status).toBe(400);
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    expect(await answer.text()).not.toContain("sid");
  });

  it("leaves a live session with its owner when somebody names its id", async () => {
    await using world = await startWorld();
    const owner = await world.connect();
    const sid = owner.io.engine.id;

    const query = `EIO=4&transport=websocket&sid=${sid}`;
    const { status } = await upgrade(world.nodes[0]?.address ?? "", { query });
    const reply = await owner.emitWithAck("jobs:list", {});

    expect(status).toBe(400);
    expect(reply).toMatchObject({ ok: true });
  });
});
