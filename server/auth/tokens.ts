import jwt from "jsonwebtoken";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { createId } from "../infrastructure/ids.ts";
import type { SigningKey } from "./keys.ts";

const issuer = "sluice";
const longestToken = 4096;
const clockSkewSeconds = 5;

const claims = z.object({
  sub: z.string(),
  sid: z.string(),
  roles: z.array(z.string()),
  iat: z.number(),
  exp: z.number(),
  nbf: z.number().optional(),
});
export type Claims = z.infer<typeof claims>;

/** Signs and verifies access tokens (RFC 7519, ES256); `seconds` is how long one lives at most. */
export function createTokens(keys: readonly [SigningKey, ...SigningKey[]], seconds: number) {
  const byKid = new Map(keys.map((key) => [key.kid, key.publicKey]));
  const signer = keys[0];

  function sign(
    user: { id: string; roles: string[] },
    sessionId: string,
    expiresIn: number,
  ): string {
    return jwt.sign({ sid: sessionId, roles: user.roles }, signer.privateKey, {
      algorithm: "ES256",
      keyid: signer.kid,
      issuer,
      audience: issuer,
      subject: user.id,
      expiresIn,
      jwtid: createId(),
    });
  }

  /** Throws `token_expired` past `exp`, `unauthorized` for whatever else doesn't verify. */
  function verify(token: unknown): Claims {
    if (typeof token !== "string" || token.length > longestToken)
      throw new AppError("unauthorized");
    const header = readHeader(token);
    const key = byKid.get(String(header?.kid));
    if (!key || header?.crit !== undefined) throw new AppError("unauthorized");
    const parsed = claims.safeParse(verifySignature(token, key));
    const latest = Date.now() / 1000 + clockSkewSeconds;
    if (!parsed.success || parsed.data.iat > latest || (parsed.data.nbf ?? 0) > latest) {
      throw new AppError("unauthorized");
    }
    return parsed.data;
  }

  return { sign, verify, seconds };
}

export type Tokens = ReturnType<typeof createTokens>;

function readHeader(token: string) {
  try {
    return jwt.decode(token, { complete: true })?.header;
  } catch {
    return undefined;
  }
}

function verifySignature(token: string, key: SigningKey["publicKey"]): unknown {
  try {
    return jwt.verify(token, key, {
      algorithms: ["ES256"],
      issuer,
      audience: issuer,
      ignoreNotBefore: true,
    });
  } catch (cause) {
    const isExpired = cause instanceof jwt.TokenExpiredError;
    throw new AppError(isExpired ? "token_expired" : "unauthorized", undefined, { cause });
  }
}
