import { io } from "socket.io-client";
import type { SluiceSocket } from "../../client/connect.ts";
import type { Job } from "../../protocol/jobs.ts";
import { createArrival } from "../arrival.ts";

/** Watches a job with socket.io-client as it comes: its own reconnect settings, and the same subscribe call. */
export function watchByDefault(url: string, token: string, jobId: string) {
  const channel = `job:${jobId}`;
  const { take, told } = createArrival();
  let position: { epoch: string; seq: number } | undefined;
  const socket: SluiceSocket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    auth: { token },
  });

  const subscribe = async () => {
    const after = position && { after: position };
    const reply = await socket.emitWithAck("channel:subscribe", { channel, ...after });
    if (!reply.ok) return setTimeout(subscribe, 1000 * (reply.error.retryAfter ?? 1));
    const { epoch, seq, snapshot, events } = reply.data;
    position = { epoch, seq };
    for (const job of [snapshot, ...events.map(({ data }) => data)])
      take((job as Job).progress.rowsRead);
  };
  socket.on("connect", subscribe);
  socket.on("event", ({ epoch, seq, data }) => {
    position = { epoch, seq };
    take((data as Job).progress.rowsRead);
  });

  return { told, close: () => socket.disconnect() };
}
