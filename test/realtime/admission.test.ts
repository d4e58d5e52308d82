import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { connect } from "../../client/connect.ts";
import { openRaw } from "../flows/support/raw-http.ts";
import { upgrade } from "./support/upgrade.ts";
import { startWorld } from "./support/world.ts";

/** A connection that was let through by HTTP and never says who it is. */
async function openSilently(address: string): Promise<Socket> {
  const socket = await openRaw(address);
  const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\n" +
      `Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
  );
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("HTTP/1.1 101");
  return socket;
}

const hello = (socket: ReturnType<typeof connect>) =>
  new Promise<void>((resolve) => socket.once("hello", () => resolve()));

describe("handshakes", () => {
  it("over the limit are told to try again, and the client does until it is in", async () => {
    await using world = await startWorld({ handshakes: 2 });
    const address = world.nodes[0]?.address ?? "";
    const silent = [await openSilently(address), await openSilently(address)];

    const { status, headers, body } = await upgrade(address);
    const socket = connect(address, { token: "ann" });
    await new Promise((resolve) => socket.once("connect_error", resolve));
    const connected = hello(socket);
    silent[0]?.destroy();
    await connected;
    socket.disconnect();
    silent[1]?.destroy();

    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(JSON.parse(body)).toMatchObject({ code: "unavailable", retryAfter: 1 });
  });

  it("count no longer once they are through or were refused", async () => {
    await using world = await startWorld({ handshakes: 1 });
    const address = world.nodes[0]?.address ?? "";

    await world.connect("ann");
    await world.connect("bob");
    const stranger = connect(address, { token: "" });
    await new Promise((resolve) => stranger.once("connect_error", resolve));
    await world.connect("cleo");

    expect(world.nodes[0]?.gateway.io.of("/").sockets.size).toBe(3);
  });
});
