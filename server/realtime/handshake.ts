import type { Principal } from "../auth/principal.ts";
import { AppError, toAppError, toPublicError } from "../errors.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { GatewaySocket } from "./socket-types.ts";

export type Authenticate = (token: unknown) => Promise<Principal>;

type Deps = { authenticate: Authenticate; logger: Logger };

/** Lets a socket in by the token of its auth payload alone; a refusal carries `{ code, message }`. */
export function createHandshake({ authenticate, logger }: Deps) {
  return async (socket: GatewaySocket, next: (err?: Error) => void): Promise<void> => {
    try {
      refuseTokenInQuery(socket.handshake.query);
      socket.data.principal = await authenticate(socket.handshake.auth.token);
      next();
    } catch (err) {
      const error = toAppError(err);
      if (error.code === "internal") logger.error({ err, event: "handshake_failed" });
      const { code, message } = toPublicError(error);
      next(Object.assign(new Error(message), { data: { code, message } }));
    }
  };
}

/** A URL ends up in logs and histories. */
function refuseTokenInQuery(query: object): void {
  if (["token", "accessToken", "access_token"].some((name) => name in query)) {
    throw new AppError("unauthorized", "A token belongs into the auth payload, not into the URL.");
  }
}
