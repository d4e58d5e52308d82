import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

const macBytes = 16;

export type Direction = "next" | "previous";
export type CursorPosition = (string | number | boolean | null)[];

/**
 * Cursors hold a position and a direction; their MAC covers `scope` too (who asks, and what),
 * so that one made for somebody else or for another query is `cursor_invalid`.
 */
export function createCursors(secret: string) {
  const mac = (scope: string, body: Buffer) =>
    createHmac("sha256", secret)
      .update("cursor\0")
      .update(scope)
      .update("\0")
      .update(body)
      .digest();

  function encode(scope: string, direction: Direction, position: CursorPosition): string {
    const body = Buffer.from(JSON.stringify([direction, ...position]));
    return Buffer.concat([mac(scope, body).subarray(0, macBytes), body]).toString("base64url");
  }

  function decode(
    scope: string,
    cursor: string,
  ): { direction: Direction; position: CursorPosition } {
    const bytes = Buffer.from(cursor, "base64url");
    const body = bytes.subarray(macBytes);
    // base64url has spare bits: only the one canonical spelling counts.
    const isCanonical = bytes.length > macBytes && bytes.toString("base64url") === cursor;
    const expected = mac(scope, body).subarray(0, macBytes);
    if (!isCanonical || !timingSafeEqual(bytes.subarray(0, macBytes), expected)) {
      throw new AppError("cursor_invalid");
    }
    const [direction, ...position] = JSON.parse(body.toString()) as [Direction, ...CursorPosition];
    return { direction, position };
  }

  return { encode, decode };
}

export type Cursors = ReturnType<typeof createCursors>;
