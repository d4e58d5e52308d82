import { describe, expect, it } from "@jest/globals";
import { request } from "../../client/request.ts";
import { disconnected, start } from "./connected.ts";

describe("request", () => {
  it("throws what the server answered", async () => {
    const { node, socket } = await start();
    node.refuse({ code: "rate_limited", message: "Too fast.", retryAfter: 3 });

    const answer = request(socket, "channel:subscribe", { channel: "jobs" });

    await expect(answer).rejects.toMatchObject({ code: "rate_limited", retryAfter: 3 });
  });

  it("says that the connection is gone instead of waiting for the answer", async () => {
    const { node, socket } = await start();
    const arrived = new Promise((resolve) => node.onJobs(resolve));

    const answer = request(socket, "jobs:list", {});
    const outcome = expect(answer).rejects.toMatchObject({ code: "disconnected" });
    await arrived;
    node.io.disconnectSockets(true);

    await outcome;
  });

  it("keeps what is asked while it leaves a node for the next connection", async () => {
    const { node, socket } = await start();
    const arrived = new Promise<() => void>((resolve) => node.onJobs(resolve));
    const first = request(socket, "jobs:list", {});
    const answerFirst = await arrived;
    const told = new Promise((resolve) => socket.once("server:draining", resolve));
    node.io.emit("server:draining", { reconnectAfter: 0 });
    await told;
    // The client's own timer of 0 ms was set before this one: from here on it is leaving.
    await new Promise((resolve) => setTimeout(resolve));

    node.onJobs((answer) => answer());
    const moved = disconnected(socket);
    const second = request(socket, "jobs:list", {});
    answerFirst();
    const reason = await moved;

    expect(reason).toBe("forced close");
    expect(await first).toMatchObject({ items: [] });
    expect(await second).toMatchObject({ items: [] });
  });
});
