import { afterEach, describe, expect, it } from "@jest/globals";
import { connect } from "../../client/connect.ts";
import { openSilently } from "./support/silent.ts";
import { upgrade } from "./support/upgrade.ts";
import { startWorld } from "./support/world.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** A client of the library, and what it hears next. */
function openClient(address: string, token: string) {
  const socket = connect(address, { token });
  opened.push(() => socket.disconnect());
  return () =>
    new Promise<string>((resolve) => {
      socket.once("hello", () => resolve("in"));
      socket.once("connect_error", () => resolve("refused"));
    });
}

describe("handshakes", () => {
  it("over the limit are told to try again, and the client does until it is in", async () => {
    await using world = await startWorld({ handshakes: 2 });
    const address = world.nodes[0]?.address ?? "";
    const silent = [await openSilently(address), await openSilently(address)];
    opened.push(() => silent[1]?.destroy());

    const { status, headers, body } = await upgrade(address);
    const next = openClient(address, "ann");
    const first = await next();
    silent[0]?.destroy();
    let last = first;
    while (last === "refused") last = await next();

    expect([first, last]).toEqual(["refused", "in"]);
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(JSON.parse(body)).toMatchObject({ code: "unavailable", retryAfter: 1 });
  });

  it("count no longer once they are through or were refused", async () => {
    await using world = await startWorld({ handshakes: 1 });
    const address = world.nodes[0]?.address ?? "";

    await world.connect("ann");
    await world.connect("bob");
    const stranger = await openClient(address, "")();
    await world.connect("cleo");

    expect(stranger).toBe("refused");
    expect(world.nodes[0]?.gateway.io.of("/").sockets.size).toBe(3);
  });
});
