import type { z } from "zod";
import {
  type Reply,
  type SocketAnswers,
  type SocketRequest,
  socketRequests,
} from "../../protocol/socket.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError, toAppError, toPublicError } from "../errors.ts";
import type { Encoded } from "../infrastructure/encoded.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { invalid, parseInput } from "../input.ts";
import type { Flood } from "./flood.ts";
import { createLine, type createLongLines } from "./line.ts";
import type { Outbound } from "./outbound.ts";
import type { GatewaySocket } from "./socket-types.ts";

const mostUnknown = 20;

type Answer = (payload: unknown) => Promise<unknown>;
type Send = (reply: Reply<unknown>) => void;

/** One connection as its handlers see it. */
export type Edge = {
  socket: GatewaySocket;
  principal: Principal;
  answers: Map<string, Answer>;
};

/** Counts since the start: requests without an acknowledgement, events nobody knows, and refusals. */
export type EdgeCounts = { dropped: number; unknown: number; refused: number };

type Deps = {
  logger: Logger;
  counts: EdgeCounts;
  flood: Flood;
  outbound: Outbound;
  /** shared by the node's long lines */
  passLong: ReturnType<typeof createLongLines>;
  /** Takes down a refusal, by its code. */
  noteRefusal: (code: string, fields: object) => void;
  /** requests that may be at work, or answered and not sent yet */
  mostAtWork: number;
};

/**
 * Takes all that a socket sends. Nothing goes on to the socket's own listeners: an event called `error`
 * would end the process there.
 */
export function createEdge(socket: GatewaySocket, deps: Deps): Edge {
  const { logger, counts, flood, outbound, mostAtWork } = deps;
  const { principal } = socket.data;
  const { userId } = principal;
  const edge: Edge = { socket, principal, answers: new Map() };
  const inLine = createLine(deps.passLong);
  let unknown = 0;
  let atWork = 0;

  function refuseFlood(send: Send | null, waitMs: number): void {
    counts.refused += 1;
    deps.noteRefusal("rate_limited", { userId });
    if (flood.refused() && send) void outbound.answer(() => send(tooMany(waitMs)));
  }

  async function work(send: Send, event: string, take: () => Promise<unknown>): Promise<void> {
    atWork += 1;
    try {
      await outbound.room();
      const data = await take();
      await outbound.answer(() => send({ ok: true, data }));
    } catch (err) {
      const error = toAppError(err);
      if (error.code === "internal") {
        logger.error({ err, event: "socket_request_failed", request: event });
      } else {
        deps.noteRefusal(error.code, { request: event, userId });
      }
      await outbound.answer(() => send(failure(error)));
    } finally {
      atWork -= 1;
    }
  }

  function refuseUnknown(send: Send | null): void {
    counts.unknown += 1;
    unknown += 1;
    deps.noteRefusal("not_found", { userId });
    if (unknown > mostUnknown) socket.disconnect(true);
    else send?.(failure(new AppError("not_found", "There is no such event.")));
  }

  socket.on("error", (err: Error) => logger.debug({ err, event: "socket_error" }));
  socket.use(async ([event, ...args]) => {
    const send = takeAcknowledgement(args);
    const waitMs = await flood.take();
    if (waitMs > 0 || atWork >= mostAtWork) return refuseFlood(send, waitMs);
    const answer = edge.answers.get(event);
    if (!answer) return refuseUnknown(send);
    if (!send) {
      counts.dropped += 1;
      return;
    }
    await work(send, event, () => inLine(async () => answer(takePayload(edge, args))));
  });
  return edge;
}

type Payload<E extends SocketRequest> = z.output<(typeof socketRequests)[E]>;
const schemas: { [E in SocketRequest]: z.ZodType<Payload<E>> } = socketRequests;

/** Answers an event; the payload is what its schema made of it. */
export function handle<E extends SocketRequest>(
  edge: Edge,
  event: E,
  answer: (payload: Payload<E>) => Promise<SocketAnswers[E] | Encoded<SocketAnswers[E]>>,
): void {
  const schema: z.ZodType<Payload<E>> = schemas[event];
  edge.answers.set(event, async (payload) => answer(parseInput(schema, payload)));
}

function takeAcknowledgement(args: unknown[]): Send | null {
  const last = args.at(-1);
  if (typeof last !== "function") return null;
  args.pop();
  return (reply) => last(reply);
}

function takePayload({ principal }: Edge, args: unknown[]): unknown {
  if (principal.expiresAt.getTime() <= Date.now()) throw new AppError("token_expired");
  if (args.length > 1) throw invalid([{ path: "", message: "takes one payload" }]);
  return args[0];
}

/** As `failure` would make it, without the cost of an error: this is what a flood is answered. */
const tooMany = (waitMs: number): Reply<never> => {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  const message = "Too many requests; slow down.";
  return { ok: false, error: { code: "rate_limited", message, retryAfter } };
};

const failure = (error: AppError): Reply<never> => ({ ok: false, error: toPublicError(error) });
