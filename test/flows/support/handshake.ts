import { io } from "socket.io-client";
import type { PublicError } from "../../../protocol/errors.ts";

type Options = { auth?: Record<string, unknown>; query?: Record<string, string> };

/** Tries one connection, closes it again, and says how it was taken. */
export function openConnection(url: string, options: Options) {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  return new Promise<{ refused: PublicError | null }>((resolve) => {
    socket.once("connect", () => resolve({ refused: null }));
    socket.once("connect_error", (error: Error & { data?: PublicError }) =>
      resolve({ refused: error.data ?? { code: "internal", message: error.message } }),
    );
  }).finally(() => socket.disconnect());
}
