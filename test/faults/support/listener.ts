import { io } from "socket.io-client";
import type { SessionEnded } from "../../../protocol/socket.ts";
import { createLookout } from "./lookout.ts";

/** A socket that does nothing by itself: it hears the user's jobs and writes down when it was closed, and by whom. */
export async function listenPlainly(url: string, token: string) {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth: { token },
  });
  const { tell, until } = createLookout();
  const heardAt: number[] = [];
  let ended: SessionEnded["code"] | null = null;
  let closedAt: number | null = null;
  socket.on("event", () => heardAt.push(Date.now()));
  socket.on("session:ended", ({ code }: SessionEnded) => {
    ended = code;
  });
  socket.on("disconnect", () => {
    closedAt = Date.now();
    tell();
  });
  await new Promise((resolve, reject) => {
    socket.once("connect_error", reject).once("hello", resolve);
  });
  const reply = await socket.emitWithAck("channel:subscribe", { channel: "jobs" });
  if (!reply.ok) throw new Error(reply.error.message);

  return {
    heardAt,
    ended: () => ended,
    isOpen: () => closedAt === null,
    untilClosed: (seconds: number) =>
      until(() => closedAt ?? undefined, "the end of a connection", seconds),
    close: () => socket.disconnect(),
  };
}

export type Listener = Awaited<ReturnType<typeof listenPlainly>>;
