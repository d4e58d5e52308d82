import type { Position } from "../protocol/channels.ts";
import { advance, type ChannelMessage, type Followed, startChannel } from "./channel-rule.ts";
import type { SluiceSocket } from "./connect.ts";
import { join, leave } from "./followers.ts";
import { listen } from "./listen.ts";
import { createQueue } from "./queue.ts";
import { RequestError, request } from "./request.ts";

export type { Followed } from "./channel-rule.ts";

export type FollowOptions = { after?: Position; signal?: AbortSignal };

export type Following = {
  next: () => Promise<IteratorResult<Followed, undefined>>;
  return: () => Promise<IteratorResult<Followed, undefined>>;
  [Symbol.asyncIterator]: () => Following;
};

/**
 * Follows a channel (`jobs`, `job:<id>`, `dataset:<id>`): every event exactly once and in order, across
 * losses and reconnects, or a snapshot with `recovered: false`. Throws RequestError: `not_found`, or the
 * end of the session.
 */
export const follow = (
  socket: SluiceSocket,
  channel: string,
  { after, signal }: FollowOptions = {},
): Following => {
  const queue = createQueue<Followed>();
  let state = startChannel(after ?? null);
  let question = Promise.resolve();
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const take = (message: ChannelMessage) => {
    if (isOver) return;
    // An answer to what was asked before can't be trusted any more.
    if (message.kind === "lost") asked++;
    const step = advance(state, message);
    state = step.state;
    for (const item of step.out) queue.push(item);
    if (state.mode === "behind" && socket.connected && timer === undefined) question = ask();
  };

  const ask = async () => {
    const number = ++asked;
    const after = state.position;
    state = advance(state, { kind: "asked" }).state;
    try {
      const answer = await request(socket, "channel:subscribe", {
        channel,
        ...(after && { after }),
      });
      if (number === asked) take({ kind: "answered", answer });
    } catch (error) {
      if (number === asked) takeFailure(error);
    }
  };

  const takeFailure = (error: unknown) => {
    const wait = findDelay(error);
    if (wait === null) return finish(error instanceof Error ? error : new Error(String(error)));
    timer = setTimeout(() => {
      timer = undefined;
      take({ kind: "lost" });
    }, wait * 1_000);
  };

  const finish = (error?: Error) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    stopListening();
    signal?.removeEventListener("abort", onAbort);
    queue.end(error);
    void leave(socket, channel, question);
  };

  const onAbort = () => finish();

  join(socket, channel);
  const stopListening = listen(socket, channel, take, finish);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) finish();
  else if (socket.connected) question = ask();

  return {
    next: queue.next,
    async return() {
      finish();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const tryAgain = ["unavailable", "rate_limited", "internal", "timeout", "disconnected"];

/** Seconds to wait before the question is put again; null if that would not help. */
const findDelay = (error: unknown): number | null => {
  if (!(error instanceof RequestError) || !tryAgain.includes(error.code)) return null;
  return (error.retryAfter ?? 1) + Math.random() / 2;
};
