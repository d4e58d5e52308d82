import { describe, expect, it } from "@jest/globals";
import { type Followed, type Following, follow } from "../../client/follow.ts";
import { disconnected, start } from "./connected.ts";

const read = async (following: Following): Promise<Followed> => {
  const { value } = await following.next();
  if (!value) throw new Error("the channel ended");
  return value;
};

describe("follow", () => {
  it("starts with a snapshot and goes on with events", async () => {
    const { node, socket } = await start();
    node.publish();

    const following = follow(socket, "jobs");
    const first = await read(following);
    node.publish();
    const second = await read(following);

    expect(first).toMatchObject({ kind: "snapshot", seq: 1, recovered: true });
    expect(second).toMatchObject({ kind: "event", event: { seq: 2 } });
  });

  it("recovers what happened while the server had closed the connection", async () => {
    const { node, socket } = await start();
    const following = follow(socket, "jobs");
    await read(following);

    const closed = disconnected(socket);
    node.io.disconnectSockets();
    await closed;
    node.publish();
    node.publish();

    expect(await read(following)).toMatchObject({ kind: "event", event: { seq: 1 } });
    expect(await read(following)).toMatchObject({ kind: "event", event: { seq: 2 } });
    expect(await read(following)).toEqual({ kind: "recovered", events: 2 });
  });

  it("leaves a node that is going away by itself and misses nothing", async () => {
    const { node, socket } = await start();
    const following = follow(socket, "jobs");
    await read(following);

    const left = disconnected(socket);
    node.io.emit("server:draining", { reconnectAfter: 0 });
    const reason = await left;
    node.publish();

    expect(reason).toBe("forced close");
    expect(await read(following)).toMatchObject({ kind: "event", event: { seq: 1 } });
    expect(await read(following)).toEqual({ kind: "recovered", events: 1 });
  });

  it("tries again while the server is unavailable", async () => {
    const { node, socket } = await start();
    node.refuse({ code: "unavailable", message: "Redis is away.", retryAfter: 0.01 });

    const first = await read(follow(socket, "jobs"));

    expect(first).toMatchObject({ kind: "snapshot", seq: 0 });
  });

  it("throws when there is no such channel", async () => {
    const { node, socket } = await start();
    node.refuse({ code: "not_found", message: "No such thing." });

    const following = follow(socket, "jobs");

    await expect(following.next()).rejects.toMatchObject({ code: "not_found" });
  });

  it("throws at the end of the session and stays away", async () => {
    const { node, socket } = await start();
    const following = follow(socket, "jobs");
    await read(following);

    const closed = disconnected(socket);
    const next = following.next();
    node.io.emit("session:ended", { code: "session_revoked" });

    await expect(next).rejects.toMatchObject({ code: "session_revoked" });
    expect(await closed).toBe("io client disconnect");
    expect(socket.active).toBe(false);
  });

  it("unsubscribes when its last follower leaves, not before", async () => {
    const { node, socket } = await start();
    const [one, other] = [follow(socket, "jobs"), follow(socket, "jobs")];
    await read(one);
    await read(other);

    await one.return();
    node.publish();
    const kept = await read(other);
    const left = node.unsubscribed();
    await other.return();

    expect(kept).toMatchObject({ kind: "event" });
    expect(await left).toBe("jobs");
    expect(await other.next()).toEqual({ done: true, value: undefined });
  });

  it("ends when its socket is closed while the server is away", async () => {
    const { node, socket } = await start();
    const following = follow(socket, "jobs");
    await read(following);
    const refused = new Promise((resolve) => socket.io.once("reconnect_error", resolve));
    await node.close();
    await refused;

    const next = following.next();
    socket.disconnect();

    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("ends when its socket is closed while it waits to come back", async () => {
    const { node, socket } = await start();
    const following = follow(socket, "jobs");
    await read(following);
    const closed = disconnected(socket);
    node.io.disconnectSockets();
    await closed;

    const next = following.next();
    socket.disconnect();

    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("ends with its signal", async () => {
    const { socket } = await start();
    const controller = new AbortController();
    const following = follow(socket, "jobs", { signal: controller.signal });
    await read(following);

    const next = following.next();
    controller.abort();

    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("gives up a refused sign-in for good", async () => {
    const { socket } = await start({ token: "bad" });

    const following = follow(socket, "jobs");

    await expect(following.next()).rejects.toMatchObject({ code: "unauthorized" });
    expect(socket.active).toBe(false);
  });
});
