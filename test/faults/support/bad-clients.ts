import type { Socket as TcpSocket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import { io, type Socket } from "socket.io-client";
import type { ChannelRef } from "../../../server/infrastructure/channel.ts";
import { createPublisher } from "../../../server/infrastructure/channel-publisher.ts";
import { createId } from "../../../server/infrastructure/ids.ts";
import { jobChannel } from "../../../server/jobs/job-channels.ts";
import { openRaw } from "../../flows/support/raw-http.ts";
import type { TestClient } from "../../support/client.ts";
import { createLookout } from "./lookout.ts";

const everyMs = 100;

export type Login = Pick<TestClient, "url" | "token">;

/** A socket that never comes back by itself. */
async function open({ url, token }: Login): Promise<Socket> {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth: { token },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("hello", () => resolve());
    socket.once("connect_error", reject);
  });
  return socket;
}

/** Watch a job of their user's, and from then on read nothing. */
export async function openDeafReaders(client: Login, jobId: string, count: number) {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i += 1) {
    const socket = await open(client);
    await socket.emitWithAck("channel:subscribe", { channel: `job:${jobId}` });
    const { ws } = socket.io.engine.transport as unknown as { ws: { pause(): void } };
    ws.pause();
    sockets.push(socket);
  }
  return {
    close(): void {
      for (const socket of sockets) socket.disconnect();
    },
  };
}

/** So many events of 12 KB on a job's channel, for those who don't read them; by the clock, or at once. */
export async function publishMuch(
  { redis, settings }: { redis: Redis; settings: { REDIS_PREFIX: string } },
  jobId: string,
  count: number,
  perSecond = Number.POSITIVE_INFINITY,
) {
  const publish = createPublisher({ redis, prefix: settings.REDIS_PREFIX });
  const channel: ChannelRef = jobChannel(jobId);
  const data = { padding: "x".repeat(12_000) };
  const startedAt = Date.now();
  for (let i = 0; i < count; i += 1) {
    const early = startedAt + (1000 * i) / perSecond - Date.now();
    if (early > 1) await pause(early);
    await publish({ channel, type: "job.progress", data, id: createId() });
  }
}

/** Sockets that send 1,000 requests a second each until they are closed; then they are back at once. */
export async function openFlooders(clients: readonly Login[]) {
  const closedOnce = new Set<Login>();
  const refusedOnce = new Set<Login>();
  const lookout = createLookout();
  const timers: NodeJS.Timeout[] = [];
  let isOver = false;
  let sent = 0;

  async function flood(client: Login): Promise<void> {
    const socket = await open(client);
    const { ws } = socket.io.engine.transport as unknown as { ws: { send(text: string): void } };
    // Frames as they go over the line: the library's own keeping of requests would slow the flood down.
    socket.io.engine.on("packet", ({ data }) => {
      if (typeof data === "string" && /^3\d+\[{"ok":false/.test(data)) refusedOnce.add(client);
    });
    const timer = setInterval(() => {
      for (let i = 0; i < everyMs; i += 1) ws.send(`42${sent++}["jobs:list",{}]`);
    }, everyMs);
    timers.push(timer);
    socket.once("disconnect", () => {
      clearInterval(timer);
      if (isOver) return;
      closedOnce.add(client);
      lookout.tell();
      flood(client).catch(() => {});
    });
  }
  await Promise.all(clients.map(flood));

  return {
    refused: () => refusedOnce.size,
    sent: () => sent,
    /** How many of them were closed, within so many seconds. */
    async untilClosed(seconds: number): Promise<number> {
      const { until } = lookout;
      const isDone = () => closedOnce.size === clients.length || undefined;
      await until(isDone, "the end of the floods", seconds).catch(() => {});
      return closedOnce.size;
    },
    close(): void {
      isOver = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

const longestTrickleMs = 30_000;

/** Connections that send a byte of their headers a second. */
export async function openTrickles(url: string, count: number) {
  const sockets = await Promise.all(Array.from({ length: count }, () => openRaw(url)));
  const openedAt = Date.now();
  const ends = sockets.map((socket) => endOf(socket, openedAt));
  for (const socket of sockets) socket.write("GET /healthz HTTP/1.1\r\nX-Slow: ");
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  }, 1000);

  return {
    /** ms that each stayed open; whatever is open after 30 s, more than any may be, is ended here. */
    async untilClosed(): Promise<number[]> {
      const end = () => {
        for (const socket of sockets) socket.destroy();
      };
      const overdue = setTimeout(end, longestTrickleMs - (Date.now() - openedAt));
      const lasted = await Promise.all(ends);
      clearTimeout(overdue);
      clearInterval(timer);
      return lasted;
    },
  };
}

async function endOf(socket: TcpSocket, openedAt: number): Promise<number> {
  socket.resume();
  // A reset is an end, too.
  await new Promise((resolve) => socket.once("close", resolve));
  return Date.now() - openedAt;
}
