import { connect, findFinalRefusal, type SluiceSocket } from "../../../client/connect.ts";
import { type Followed, follow } from "../../../client/follow.ts";
import { outlives, type TokenSource } from "../../../client/renew.ts";
import { RequestError, request } from "../../../client/request.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import type { SocketAnswers, SocketPayload, SocketRequest } from "../../../protocol/socket.ts";
import type { Store } from "../store.ts";
import { createLink, type Link } from "./link.ts";

export type Live = {
  link: Store<Link>;
  ask: <E extends SocketRequest>(event: E, payload: SocketPayload<E>) => Promise<SocketAnswers[E]>;
  /** Hands on what a channel gives until the signal aborts; `onEnd` hears why it can't go on. */
  watch: (
    channel: string,
    signal: AbortSignal,
    onItem: (item: Followed) => void,
    onEnd?: (error: unknown) => void,
  ) => void;
  close: () => void;
};

/** The window's one connection. `onEnded` is called when the server won't have this session any more. */
export const createLive = (token: TokenSource, onEnded: (code: ErrorCode) => void): Live => {
  const socket = connect(undefined, { token });
  const link = createLink(socket);
  socket.on("session:ended", ({ code }) => {
    if (!outlives(socket, code)) onEnded(code);
  });
  socket.on("connect_error", (error) => {
    const code = findFinalRefusal(socket, error);
    if (code) onEnded(code);
  });

  return {
    link: link.store,
    ask: (event, payload) => request(socket, event, payload),
    watch: (channel, signal, onItem, onEnd) =>
      void read(socket, channel, signal, (item) => {
        if (item.kind === "recovered") link.addRecovered(item.events);
        if (item.kind === "snapshot" && !item.recovered) link.startOver();
        onItem(item);
      }).catch((error) => {
        if (!(error instanceof RequestError)) console.error(error);
        onEnd?.(error);
      }),
    close: () => {
      link.close();
      socket.disconnect();
    },
  };
};

const read = async (
  socket: SluiceSocket,
  channel: string,
  signal: AbortSignal,
  onItem: (item: Followed) => void,
) => {
  for await (const item of follow(socket, channel, { signal })) onItem(item);
};
