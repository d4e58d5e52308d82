import type { ErrorCode } from "../protocol/errors.ts";
import type { SluiceSocket } from "./connect.ts";
import { RequestError, request } from "./request.ts";

/** Why a token is asked for: `renew` wants one that was made just now, for the last one is about to end. */
export type Occasion = "connect" | "renew";
/** Null says that there will be none any more; what throws is asked again. */
export type TokenSource = (occasion: Occasion) => string | null | Promise<string | null>;

const renewing = new WeakSet<SluiceSocket>();

/** Whether the end of a token isn't the end of the connection: it comes back with the next one. */
export const outlives = (socket: SluiceSocket, code: ErrorCode): boolean =>
  code === "token_expired" && renewing.has(socket);

/** Keeps a connection beyond its access token: when it is about to end, the next one is handed in. */
export const renewInTime = (socket: SluiceSocket, source: TokenSource) => {
  renewing.add(socket);
  socket.on("session:expiring", async () => {
    try {
      const token = await source("renew");
      if (token !== null) await request(socket, "session:renew", { token });
    } catch (error) {
      // Of another session: who signed in anew has to come in anew. Otherwise the end brings the next try.
      const isOther = error instanceof RequestError && error.code === "unauthorized";
      if (isOther) socket.io.engine.close();
    }
  });
};
