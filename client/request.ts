import type { ErrorCode, FieldError, PublicError } from "../protocol/errors.ts";
import type { Reply, SocketAnswers, SocketPayload, SocketRequest } from "../protocol/socket.ts";
import type { SluiceSocket } from "./connect.ts";

/** `disconnected` and `timeout` leave open whether the request was carried out. */
export type RequestErrorCode = ErrorCode | "disconnected" | "timeout";

/** A request that failed; `retryAfter` in seconds, `jobId` what `index_building` waits for. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: RequestErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  readonly jobId: string | undefined;

  constructor(error: Omit<PublicError, "code"> & { code: RequestErrorCode }) {
    super(error.message);
    this.code = error.code;
    this.errors = error.errors ?? [];
    this.retryAfter = error.retryAfter;
    this.jobId = error.jobId;
  }
}

type Send = {
  emitWithAck: <E extends SocketRequest>(
    event: E,
    payload: SocketPayload<E>,
  ) => Promise<Reply<SocketAnswers[E]>>;
};

/**
 * Sends one request, at most once, and gives the data of its answer. Waits for the connection if there
 * is none; `timeout` in seconds (10) covers both. Throws RequestError.
 */
export const request = async <E extends SocketRequest>(
  socket: SluiceSocket,
  event: E,
  payload: SocketPayload<E>,
  { timeout = 10 }: { timeout?: number } = {},
): Promise<SocketAnswers[E]> => {
  const started = Date.now();
  await untilConnected(socket, timeout);
  let isCut = false;
  const onDisconnect = () => {
    isCut = true;
  };
  socket.once("disconnect", onDisconnect);

  // The library's own types can't relate a generic event to its payload and answer.
  const left = socket.timeout(Math.max(1, timeout * 1_000 - (Date.now() - started))) as Send;
  const answered = left.emitWithAck(event, payload);
  note(socket, answered);
  const reply = await answered
    .catch(() => Promise.reject(isCut ? disconnected() : timedOut(timeout)))
    .finally(() => socket.off("disconnect", onDisconnect));
  if (!reply.ok) throw new RequestError(reply.error);
  return reply.data;
};

const unanswered = new WeakMap<SluiceSocket, Set<Promise<unknown>>>();

const note = (socket: SluiceSocket, answered: Promise<unknown>) => {
  const all = unanswered.get(socket) ?? new Set();
  unanswered.set(socket, all.add(answered));
  const forget = () => all.delete(answered);
  answered.then(forget, forget);
};

const leaving = new WeakSet<SluiceSocket>();

/**
 * Waits, `longest` ms at most, for the answers to what has been asked over a connection that is about to
 * close; what is asked from now on waits for the next one.
 */
export const finishRequests = async (socket: SluiceSocket, longest: number) => {
  leaving.add(socket);
  socket.once("disconnect", () => leaving.delete(socket));
  const all = Promise.allSettled(unanswered.get(socket) ?? []);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, longest);
  });
  await Promise.race([all, late]);
  clearTimeout(timer);
};

const untilConnected = (socket: SluiceSocket, timeout: number) => {
  if (socket.connected && !leaving.has(socket)) return;
  return new Promise<void>((resolve, reject) => {
    const onConnect = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      socket.off("connect", onConnect);
      reject(disconnected());
    }, timeout * 1_000);
    socket.once("connect", onConnect);
  });
};

const disconnected = () =>
  new RequestError({ code: "disconnected", message: "The connection to the server is gone." });

const timedOut = (seconds: number) =>
  new RequestError({ code: "timeout", message: `No answer came within ${seconds} s.` });
