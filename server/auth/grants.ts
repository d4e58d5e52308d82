import type { SignedIn } from "../../protocol/auth.ts";
import type { HeldSession } from "./sessions.ts";
import type { Tokens } from "./tokens.ts";
import type { UserDocument } from "./user.model.ts";

/** What a sign-in or a refresh gives; how the refresh token travels is the transport's to decide. */
export type Grant = {
  signedIn: SignedIn & { refreshToken: string };
  /** when the refresh token ends unless it is used before */
  expiresAt: Date;
};

/** Makes a pair of tokens; the access token never outlives its session. */
export const createGrants =
  ({ sign, seconds }: Tokens) =>
  (user: UserDocument, { session, refreshToken }: HeldSession): Grant => {
    const left = Math.ceil((session.expiresAt.getTime() - Date.now()) / 1000);
    const expiresIn = Math.max(1, Math.min(seconds, left));
    const { _id, email, name, roles, createdAt } = user;
    return {
      signedIn: {
        accessToken: sign({ id: _id, roles }, session._id, expiresIn),
        tokenType: "Bearer",
        expiresIn,
        refreshToken,
        user: { id: _id, email, name, roles, createdAt: createdAt.toISOString() },
      },
      expiresAt: session.expiresAt,
    };
  };
