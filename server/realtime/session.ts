import type { SessionEnded } from "../../protocol/socket.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError, toAppError } from "../errors.ts";
import { callAt } from "../infrastructure/at-time.ts";
import { type Edge, handle } from "./edge.ts";
import type { Authenticate } from "./handshake.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { GatewaySocket } from "./socket-types.ts";

const noticeMs = 60_000;

type Deps = { sessions: LiveSessions; authenticate: Authenticate };

/** Ends a connection with its session, or with its access token unless that is renewed. */
export function holdSession(edge: Edge, { sessions, authenticate }: Deps): void {
  const { socket, principal } = edge;
  const { sessionId } = principal;
  let callOff = watchTime(socket, principal);
  const letGo = sessions.hold(sessionId, () => endSession(socket, "session_revoked"));
  const release = () => {
    callOff();
    letGo();
  };
  // It may have been ended by one of these already.
  if (socket.connected) socket.on("disconnect", release);
  else release();

  handle(edge, "session:renew", async ({ token }) => {
    const fresh = await authenticate(token).catch(refuse);
    const more = fresh.expiresAt.getTime() - principal.expiresAt.getTime();
    if (fresh.sessionId !== sessionId || more < 0) throw new AppError("unauthorized");
    // The very object that all handlers of this connection have.
    Object.assign(principal, fresh);
    // The same token again brings no second notice, or it would be renewed without end.
    if (more > 0 && socket.connected) {
      callOff();
      callOff = watchTime(socket, principal);
    }
    return { expiresAt: fresh.expiresAt.toISOString() };
  });
}

/** Gives notice and ends the connection, each at its time; the answer calls both off. */
function watchTime(socket: GatewaySocket, { issuedAt, expiresAt }: Principal): () => void {
  const lifetime = expiresAt.getTime() - issuedAt.getTime();
  const ahead = lifetime > noticeMs ? noticeMs : lifetime / 2;
  const notice = callAt(new Date(expiresAt.getTime() - ahead), () =>
    socket.emit("session:expiring", { expiresAt: expiresAt.toISOString() }),
  );
  const end = callAt(expiresAt, () => endSession(socket, "token_expired"));
  return () => {
    notice();
    end();
  };
}

function endSession(socket: GatewaySocket, code: SessionEnded["code"]): void {
  socket.emit("session:ended", { code });
  socket.disconnect(true);
}

/** Whatever a token is refused for, the connection goes on with the one that it has. */
function refuse(err: unknown): never {
  const { code } = toAppError(err);
  const isRefused = code === "token_expired" || code === "session_revoked";
  throw isRefused ? new AppError("unauthorized", undefined, { cause: err }) : err;
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
