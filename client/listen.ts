import type { ChannelEvent, ChannelPositions } from "../protocol/channels.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { ChannelMessage } from "./channel-rule.ts";
import { findFinalRefusal, isWanted, type SluiceSocket } from "./connect.ts";
import { outlives } from "./renew.ts";
import { RequestError } from "./request.ts";

/**
 * Hands on what a socket says about one channel, `lost` for every end and beginning of a connection.
 * `onOver` is called when no connection will come again. Returns a function that stops listening.
 */
export const listen = (
  socket: SluiceSocket,
  channel: string,
  onMessage: (message: ChannelMessage) => void,
  onOver: (error?: Error) => void,
) => {
  const onEvent = (event: ChannelEvent) => {
    if (event.channel === channel) onMessage({ kind: "event", event });
  };
  const onPosition = ({ positions }: ChannelPositions) => {
    for (const { channel: name, epoch, seq } of positions)
      if (name === channel) onMessage({ kind: "position", position: { epoch, seq } });
  };
  const onConnect = () => onMessage({ kind: "lost" });
  const onDisconnect = (reason: string) => {
    onMessage({ kind: "lost" });
    if (reason === "io client disconnect") onOver();
  };
  // A socket that is closed while it is away says nothing; its manager does, before all is settled.
  const onClose = () =>
    queueMicrotask(() => {
      if (!isWanted(socket)) onOver();
    });
  const onEnded = ({ code }: { code: ErrorCode }) => {
    if (!outlives(socket, code)) onOver(sessionEnded(code));
  };
  const onRefused = (error: Error) => {
    const code = findFinalRefusal(socket, error);
    if (code) onOver(sessionEnded(code));
  };

  socket.on("event", onEvent).on("channel:position", onPosition);
  socket.on("connect", onConnect).on("disconnect", onDisconnect);
  socket.on("session:ended", onEnded).on("connect_error", onRefused);
  socket.io.on("close", onClose);
  return () => {
    socket.io.off("close", onClose);
    socket.off("event", onEvent).off("channel:position", onPosition);
    socket.off("connect", onConnect).off("disconnect", onDisconnect);
    socket.off("session:ended", onEnded).off("connect_error", onRefused);
  };
};

const sessionEnded = (code: ErrorCode) =>
  new RequestError({ code, message: "The session has ended; sign in again." });
