import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { serveOwner } from "../program.ts";

/** A plain Socket.IO server that hears all progress of a queue and forwards it to those who watch the job. */
const { REDIS_URL = "", REDIS_PREFIX = "" } = process.env;
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const events = new QueueEvents("imports", { connection, prefix: REDIS_PREFIX });
const server = createServer();
const io = new Server(server, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("watch", (jobId: string, answer: () => void) => {
    void socket.join(jobId);
    answer();
  });
});
events.on("progress", ({ jobId, data }) => io.to(jobId).emit("progress", data));
await events.waitUntilReady();

server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
serveOwner({ url: `http://127.0.0.1:${port}` }, async () => ({}));
