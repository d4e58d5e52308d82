import type { IncomingMessage } from "node:http";
import { errorCodes } from "../../protocol/errors.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError, toAppError, toPublicError } from "../errors.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { GatewaySocket } from "./socket-types.ts";

export type Authenticate = (token: unknown) => Promise<Principal>;

type Deps = {
  authenticate: Authenticate;
  logger: Logger;
  /** told of those who can't say who they are */
  countRefusal: (request: IncomingMessage) => void;
};

/** Lets a socket in by the token of its auth payload alone; a refusal carries `{ code, message }`. */
export function createHandshake({ authenticate, logger, countRefusal }: Deps) {
  return async (socket: GatewaySocket, next: (err?: Error) => void): Promise<void> => {
    try {
      refuseTokenInQuery(socket.handshake.query);
      socket.data.principal = await authenticate(socket.handshake.auth.token);
      next();
    } catch (err) {
      const error = toAppError(err);
      if (error.code === "internal") logger.error({ err, event: "handshake_failed" });
      if (errorCodes[error.code].status === 401) countRefusal(socket.request);
      next(toRefusal(error));
    }
  };
}

/** What Socket.IO makes a `connect_error` of. */
export function toRefusal(thrown: unknown): Error {
  const { code, message } = toPublicError(toAppError(thrown));
  return Object.assign(new Error(message), { data: { code, message } });
}

/** A URL ends up in logs and histories. */
function refuseTokenInQuery(query: object): void {
  if (["token", "accessToken", "access_token"].some((name) => name in query)) {
    throw new AppError("unauthorized", "A token belongs into the auth payload, not into the URL.");
  }
}
