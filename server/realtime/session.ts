import type { Principal } from "../auth/principal.ts";
import type { GatewaySocket } from "./socket-types.ts";

/** The longest delay that `setTimeout` takes, in ms. */
const longestDelay = 2 ** 31 - 1;

/** Room of all sockets of a session. Never 20 characters long: the adapter takes such a name for a socket's. */
export const sessionRoom = (sessionId: string): string => `{session:${sessionId}}:sockets`;

/** Joins the session's room and ends the connection when its access token does. */
export function holdSession(socket: GatewaySocket, { sessionId, expiresAt }: Principal): void {
  void socket.join(sessionRoom(sessionId));
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = expiresAt.getTime() - Date.now();
    if (left <= 0) return endSession(socket, "token_expired");
    timer = setTimeout(wait, Math.min(left, longestDelay));
  };
  wait();
  socket.on("disconnect", () => clearTimeout(timer));
}

export function endSession(socket: GatewaySocket, code: "token_expired" | "session_revoked"): void {
  socket.emit("session:ended", { code });
  socket.disconnect(true);
}

export function greet(socket: GatewaySocket, node: string): void {
  const { userId, email, name, sessionId, expiresAt } = socket.data.principal;
  socket.emit("hello", {
    protocol: 1,
    node,
    user: { id: userId, email, name },
    sessionId,
    expiresAt: expiresAt.toISOString(),
  });
}
