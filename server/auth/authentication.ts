import { AppError } from "../errors.ts";
import { createBoundedMap } from "../infrastructure/bounded-map.ts";
import type { Principal } from "./principal.ts";
import type { Sessions } from "./sessions.ts";
import type { Tokens } from "./tokens.ts";
import type { UserDocument, UserModel } from "./user.model.ts";

/** Who goes on with the token of a session that has ended costs no reads, and its user no calls. */
const endedMs = 10_000;
const mostEnded = 10_000;

type Deps = { tokens: Tokens; users: UserModel; sessions: Sessions };

/**
 * Proves by an access token who is asking; throws `unauthorized`, `token_expired` or `session_revoked`. `admit`
 * is told whose token it is before anything is read, and may throw.
 */
export function createAuthentication({ tokens, users, sessions }: Deps) {
  const ended = createBoundedMap(mostEnded, () => ({ seenAt: 0 }));
  const hasEnded = (claim: string) => Date.now() - (ended.find(claim)?.seenAt ?? 0) < endedMs;

  return async (token: unknown, admit?: (userId: string) => Promise<void>): Promise<Principal> => {
    const { sub, sid, iat, exp } = tokens.verify(token);
    const claim = `${sub} ${sid}`;
    if (hasEnded(claim)) throw new AppError("session_revoked");
    await admit?.(sub);
    const [user, session] = await Promise.all([
      users.findById(sub).lean(),
      sessions.find(sid, sub),
    ]);
    if (!user || !session) {
      ended.open(claim).seenAt = Date.now();
      throw new AppError("session_revoked");
    }
    const lifetime = { issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
    return { ...toPrincipal(user), sessionId: sid, ...lifetime };
  };
}

const toPrincipal = ({ _id, email, name, roles, createdAt }: UserDocument) => ({
  userId: _id,
  email,
  name,
  roles,
  createdAt,
});
