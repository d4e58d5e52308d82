import type { Principal } from "../auth/principal.ts";
import { callAt } from "../infrastructure/at-time.ts";
import type { GatewaySocket } from "./socket-types.ts";

/** Room of all sockets of a session. Never 20 characters long: the adapter takes such a name for a socket's. */
export const sessionRoom = (sessionId: string): string => `{session:${sessionId}}:sockets`;

/** Joins the session's room and ends the connection when its access token does. */
export function holdSession(socket: GatewaySocket, { sessionId, expiresAt }: Principal): void {
  void socket.join(sessionRoom(sessionId));
  const callOff = callAt(expiresAt, () => endSession(socket, "token_expired"));
  socket.on("disconnect", callOff);
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
