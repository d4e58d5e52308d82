import { createHmac, timingSafeEqual } from "node:crypto";

/** Links that are good without a token until a time (seconds since 1970), for one thing each. */
export function createLinks(secret: string) {
  const sign = (subject: string, expires: number): string =>
    createHmac("sha256", secret)
      .update("link\0")
      .update(subject)
      .update("\0")
      .update(String(expires))
      .digest("base64url");

  return {
    sign,

    /** Whether a signature was made here for just these; takes the same time whatever it is. */
    verify(subject: string, expires: number, signature: string): boolean {
      const expected = Buffer.from(sign(subject, expires));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

export type Links = ReturnType<typeof createLinks>;
