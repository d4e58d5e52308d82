import { io, type Socket } from "socket.io-client";
import type { ErrorCode } from "../protocol/errors.ts";
import type { ClientToServer, ServerToClient } from "../protocol/socket.ts";
import { moveWhenDraining } from "./draining.ts";
import { outlives, renewInTime, type TokenSource } from "./renew.ts";

export type SluiceSocket = Socket<ServerToClient, ClientToServer>;

export type ConnectOptions = {
  /** The access token; or a function asked at every (re)connect and, to renew it, before it ends. */
  token: string | TokenSource;
  /** false: the caller calls `connect()` itself */
  autoConnect?: boolean;
};

type Refusal = Error & { data?: { code: ErrorCode; message: string } };

const worthAnotherTry: readonly ErrorCode[] = ["unavailable", "rate_limited", "internal"];

/** The code of a handshake that another try can't mend, else null. */
export const findFinalRefusal = (socket: SluiceSocket, error: Refusal): ErrorCode | null => {
  const code = error.data?.code;
  if (code === undefined || worthAnotherTry.includes(code)) return null;
  return outlives(socket, code) ? null : code;
};

/**
 * Opens a connection to a Sluice node (`undefined`: this page's own origin) that comes back by itself
 * until `disconnect()`, `session:ended` or a handshake that is refused for good.
 */
export const connect = (url: string | undefined, options: ConnectOptions): SluiceSocket => {
  const { token } = options;
  let isRefused = false;
  const settings = {
    path: "/socket.io",
    transports: ["websocket"],
    forceNew: true,
    autoConnect: options.autoConnect ?? true,
    auth: async (send: (data: object) => void) => {
      const { engine } = socket.io;
      const occasion = isRefused ? "renew" : "connect";
      try {
        const value = typeof token === "function" ? await token(occasion) : token;
        if (socket.io.engine === engine) send(value === null ? {} : { token: value });
      } catch {
        // No token just now: the manager comes back to ask again.
        engine.close();
      }
    },
    ...backoff,
  };
  const socket: SluiceSocket = url === undefined ? io(settings) : io(url, settings);
  if (typeof token === "function") renewInTime(socket, token);
  socket.on("connect", () => (isRefused = false));
  socket.on("connect_error", ({ data }: Refusal) => (isRefused ||= data?.code === "token_expired"));
  keepOpen(socket);
  moveWhenDraining(socket);
  return socket;
};

/**
 * The client draws each delay from d ± d·factor, d doubling, cut at the maximum: 250 ms ± 100 % is
 * 0 to 500 ms at first. Tries of many clients spread out, and nobody waits longer than 2 s.
 */
const backoff = { reconnectionDelay: 250, randomizationFactor: 1, reconnectionDelayMax: 2_000 };

const waiting = new WeakSet<SluiceSocket>();

/** Whether a connection is there or will be tried for; false once it was closed for good. */
export const isWanted = (socket: SluiceSocket): boolean => socket.active || waiting.has(socket);

/** socket.io-client stays away after a close by the server or a refusal, which isn't the end. */
const keepOpen = (socket: SluiceSocket) => {
  let tries = 0;
  const comeBack = () => {
    const longest = Math.min(500 * 2 ** tries++, backoff.reconnectionDelayMax);
    const timer = setTimeout(() => {
      waiting.delete(socket);
      socket.connect();
    }, Math.random() * longest);
    waiting.add(socket);
    // Closed while waiting: somebody called disconnect().
    socket.io.once("close", () => {
      waiting.delete(socket);
      clearTimeout(timer);
    });
  };

  socket.on("connect", () => {
    tries = 0;
  });
  // Later than every other listener of this event: they learn the reason before the close.
  socket.on("session:ended", ({ code }) => {
    if (!outlives(socket, code)) queueMicrotask(() => socket.disconnect());
  });
  socket.on("disconnect", (reason) => {
    // Packets held back by an expired ping would otherwise be sent after the reconnect, long given up.
    socket.sendBuffer.length = 0;
    if (reason === "io server disconnect") comeBack();
  });
  socket.on("connect_error", (error: Refusal) => {
    if (socket.active || error.data === undefined) return;
    if (findFinalRefusal(socket, error) === null) comeBack();
  });
};
