import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { type Followed, follow } from "../../client/follow.ts";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Draining, Hello } from "../../protocol/socket.ts";
import { openSilently } from "../realtime/support/silent.ts";
import { upgrade } from "../realtime/support/upgrade.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { eventually } from "./support/eventually.ts";
import { openFront } from "./support/front.ts";
import { expectProblem } from "./support/problem.ts";
import { openRaw, readToEnd, statusOf } from "./support/raw-http.ts";

/** The node, and the exit code that it ends with. */
function nodeOf(cluster: Cluster, index: number) {
  const node = cluster.api[index];
  if (!node) throw new Error("no such node");
  return { ...node, exited: once(node.child, "exit").then(([code]) => code as number | null) };
}

/** A socket of another library: it doesn't leave by itself when it is told to. */
async function openStubborn(url: string, token: string) {
  const socket = io(url, { transports: ["websocket"], forceNew: true, auth: { token } });
  socket.io.reconnection(false);
  await once(socket as unknown as NodeJS.EventEmitter, "hello");
  return socket;
}

describe("a node that is told to end", () => {
  it("moves its sockets, finishes an upload, refuses newcomers and leaves with 0", async () => {
    await using cluster = await startCluster({ api: 2, workers: 1 });
    await using front = await openFront(cluster.url(0));
    const node = nodeOf(cluster, 0);
    const ann = await cluster.signUp(1);
    const stubborn = await openStubborn(cluster.url(0), ann.token);
    const silent = await openSilently(cluster.url(0));
    const socket = ann.socket(front.url);
    const following = follow(socket, "jobs");
    await following.next();
    const half = await openRaw(cluster.url(0));
    half.write(
      `POST /api/v1/datasets HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${ann.token}\r\n` +
        "Content-Type: text/csv\r\nContent-Length: 8\r\n\r\na\n1\n",
    );
    const told = new Promise<Draining>((resolve) => socket.once("server:draining", resolve));
    const moved = new Promise<Hello>((resolve) => socket.once("hello", resolve));
    const closed = new Promise<string>((resolve) => stubborn.once("disconnect", resolve));

    front.leadTo(cluster.url(1));
    node.child.kill("SIGTERM");
    const { reconnectAfter } = await told;
    const ready = await ann.call("/readyz", {}, cluster.url(0));
    const me = await ann.call("/api/v1/me", {}, cluster.url(0));
    const newcomer = await upgrade(cluster.url(0));
    const { job } = (await ann.upload("a\n1\n")).body;
    const first = await Promise.race([moved, closed]);
    await closed;
    half.write("2\n3\n");
    const answer = await readToEnd(half);

    expect(reconnectAfter).toBeGreaterThanOrEqual(0);
    expect(reconnectAfter).toBeLessThanOrEqual(2);
    expectProblem(ready, "unavailable");
    expect(me.status).toBe(200);
    expect(me.headers.get("Connection")).toBe("close");
    expect(newcomer.status).toBe(503);
    expect(JSON.parse(newcomer.body)).toMatchObject({ code: "unavailable", retryAfter: 1 });
    expect(first).toMatchObject({ node: "api-1" });
    expect(statusOf(answer)).toBe(202);
    expect(await node.exited).toBe(0);
    silent.destroy();
    const late = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as Submitted;
    expect(await readToTheEnd(following, job.id)).toEqual([1, 2, 3]);
    expect((await ann.final(late.job.id)).state).toBe("completed");
  });

  it("leaves at once when it is told a second time", async () => {
    await using cluster = await startCluster({ api: 1, workers: 0 });
    const node = nodeOf(cluster, 0);
    const ann = await cluster.signUp();
    const stubborn = await openStubborn(cluster.url(), ann.token);

    await eventually(
      async () => node.child.kill("SIGTERM"),
      () => node.child.exitCode !== null,
    );

    expect(await node.exited).toBe(1);
    stubborn.disconnect();
  });
});

/** Follows until a job is completed; gives the seqs of its events, with nothing but events in between. */
async function readToTheEnd(following: ReturnType<typeof follow>, jobId: string) {
  const seqs: number[] = [];
  for (;;) {
    const item = (await following.next()).value as Followed;
    if (item.kind === "recovered") continue;
    if (item.kind === "snapshot") throw new Error("had to start again from a snapshot");
    if (!("kind" in item.event.data) || item.event.data.id !== jobId) continue;
    seqs.push(item.event.seq);
    if (item.event.type === "job.completed") return seqs;
  }
}
