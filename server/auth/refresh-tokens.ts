import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

const idBytes = 16;
const keyBytes = 32;
const macBytes = 16;

export type RefreshToken = { text: string; hash: string };
export type OpenedToken = { sessionId: string; hash: string; successor: RefreshToken };

/**
 * Refresh tokens: the session's id, 256 bits, and a MAC over both, by which one that was ever given out is
 * told from an invention without keeping it. A successor's bits are an HMAC of the token before it, so
 * every node derives the same one and none is stored but as a hash.
 */
export function createRefreshTokens(secret: string) {
  const derive = (purpose: string, bytes: Buffer) =>
    createHmac("sha256", secret).update(`${purpose}\0`).update(bytes).digest();
  const authenticate = (body: Buffer) => derive("refresh", body).subarray(0, macBytes);

  function assemble(body: Buffer): RefreshToken {
    const text = Buffer.concat([body, authenticate(body)]).toString("base64url");
    return { text, hash: hash(text) };
  }

  return {
    /** The first one of a session. */
    create: (sessionId: string): RefreshToken =>
      assemble(Buffer.concat([Buffer.from(sessionId, "base64url"), randomBytes(keyBytes)])),

    /** Throws `unauthorized` for whatever this server has never given out. */
    open(text: string): OpenedToken {
      const bytes = Buffer.from(text, "base64url");
      const body = bytes.subarray(0, idBytes + keyBytes);
      const mac = bytes.subarray(body.length);
      // base64url has spare bits: only the one canonical spelling counts.
      const isWhole = mac.length === macBytes && bytes.toString("base64url") === text;
      if (!isWhole || !timingSafeEqual(mac, authenticate(body))) throw new AppError("unauthorized");
      const id = body.subarray(0, idBytes);
      return {
        sessionId: id.toString("base64url"),
        hash: hash(text),
        successor: assemble(Buffer.concat([id, derive("successor", body)])),
      };
    },
  };
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");
