import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { ChannelEvent, Position } from "../../protocol/channels.ts";
import type { PublicError } from "../../protocol/errors.ts";
import type { ClientToServer, ServerToClient } from "../../protocol/socket.ts";

/** One channel `jobs` behind a bare Socket.IO server, to see what the client makes of its answers. */
export const startNode = async () => {
  const http = createServer();
  const io = new Server<ClientToServer, ServerToClient>(http, { transports: ["websocket"] });
  const log: ChannelEvent[] = [];
  const refusals: PublicError[] = [];
  let onJobs: (answer: () => void) => void = () => {};
  let onLeft = (_channel: string) => {};

  io.use((socket, next) => {
    if (socket.handshake.auth.token === "good") return next();
    next(Object.assign(new Error("no"), { data: { code: "unauthorized", message: "no" } }));
  });
  io.on("connection", (socket) => {
    socket.on("jobs:list", (_query, reply) => onJobs(() => reply({ ok: true, data: emptyPage })));
    socket.on("channel:subscribe", ({ channel, after }, reply) => {
      const error = refusals.shift();
      if (error) return reply({ ok: false, error });
      void socket.join(channel);
      reply({ ok: true, data: answer(log, after) });
    });
    socket.on("channel:unsubscribe", ({ channel }, reply) => {
      void socket.leave(channel);
      reply({ ok: true, data: {} });
      onLeft(channel);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");

  return {
    io,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    publish() {
      const event = { channel: "jobs", epoch: "a", seq: log.length + 1 } as ChannelEvent;
      log.push(event);
      io.to("jobs").emit("event", event);
    },
    refuse: (error: PublicError) => refusals.push(error),
    unsubscribed: () => new Promise<string>((resolve) => (onLeft = resolve)),
    onJobs: (listener: (answer: () => void) => void) => (onJobs = listener),
    close: () => io.close(),
  };
};

const emptyPage = { items: [], next: null, previous: null, total: { count: 0, exact: true } };

const answer = (log: ChannelEvent[], after: Position | undefined) => ({
  channel: "jobs",
  epoch: "a",
  seq: log.length,
  recovered: after !== undefined,
  events: after ? log.slice(after.seq) : [],
  snapshot: [],
});
