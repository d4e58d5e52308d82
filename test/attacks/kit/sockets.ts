import { setTimeout as pause } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { PublicError } from "../../../protocol/errors.ts";
import type { Reply } from "../../../protocol/socket.ts";
import type { TestClient } from "../../support/client.ts";
import { endsWithin } from "./patience.ts";
import type { World } from "./world.ts";

const answerMs = 10_000;

type Knock = {
  auth: object;
  url?: string;
  query?: Record<string, string>;
  /** says where it comes from, and wants to know of every refusal */
  headers?: Record<string, string>;
};
type Refusal = Error & { data?: PublicError; description?: { message?: string } };

const open = (world: World, { auth, url = world.url, query = {}, headers }: Knock): Socket =>
  io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth: { ...auth },
    query,
    extraHeaders: headers ?? world.headers(),
  });

/** Tries one connection and gives it up again: `in`, the code of the refusal, or what HTTP said. */
export async function knock(world: World, options: Knock): Promise<string> {
  const socket = open(world, options);
  const code = await new Promise<string>((resolve) => {
    socket.once("hello", () => resolve("in"));
    socket.once("disconnect", (reason) => resolve(reason));
    socket.once("connect_error", ({ data, description, message }: Refusal) =>
      resolve(data?.code ?? httpOf(description?.message) ?? message),
    );
  });
  socket.disconnect();
  if (code !== "http 429" || options.headers) return code;
  await pause(1000);
  return knock(world, options);
}

/** The status of a refusal before the WebSocket, in the words of ws. */
const httpOf = (words = "") => words.replace(/^Unexpected server response: /, "http ") || undefined;

export type Heard = { event: string; data: unknown };

/** A connection of somebody's that sends what no client should, and doesn't come back when it is closed. */
export async function openSocket(world: World, { token }: TestClient, url = world.url, more = {}) {
  const socket = open(world, { auth: { token, ...more }, url });
  world.endLater(() => socket.disconnect());
  const heard: Heard[] = [];
  let closeCode: number | undefined;
  const closed = new Promise<void>((resolve) =>
    socket.once("disconnect", (_reason, details) => {
      closeCode = Object(details).context?.code;
      resolve();
    }),
  );
  socket.onAny((event: string, data) => heard.push({ event, data }));
  const hello = await new Promise<{ user: { id: string } }>((resolve, reject) => {
    socket.once("hello", resolve);
    socket.once("connect_error", reject);
  });

  return {
    id: socket.id ?? "",
    /** what HTTP knows the connection by */
    sid: socket.io.engine.id ?? "",
    hello,
    heard,
    /** Asks anything at all; `ok`, the code of the error, or `nothing` where no answer came. */
    async ask(event: string, ...args: unknown[]): Promise<string> {
      const reply = await this.reply(event, ...args);
      if (!reply) return "nothing";
      return reply.ok ? "ok" : reply.error.code;
    },
    reply: (event: string, ...args: unknown[]): Promise<Reply<Record<string, unknown>> | null> =>
      socket
        .timeout(answerMs)
        .emitWithAck(event, ...args)
        .catch(() => null),
    tell: (event: string, ...args: unknown[]): void => void socket.emit(event, ...args),
    /** A packet as it stands, without what the library would make of it. */
    send: (packet: string | Buffer): void => void socket.io.engine.send(packet),
    closed,
    closeCode: () => closeCode,
    isClosed: (ms = answerMs): Promise<boolean> => endsWithin(ms, closed),
    close: (): void => void socket.disconnect(),
  };
}

export type OpenSocket = Awaited<ReturnType<typeof openSocket>>;

/** Does something with a connection of Ann's and closes it. */
export async function withSocket<T>(world: World, act: (socket: OpenSocket) => Promise<T>) {
  const socket = await openSocket(world, await world.ann());
  try {
    return await act(socket);
  } finally {
    socket.close();
  }
}
