import { invalid } from "../input.ts";
import type { Context } from "./context.ts";

/** The `Idempotency-Key` of a call: 1 to 255 visible ASCII characters, undefined where there is none. */
export function readKey(ctx: Context): string | undefined {
  const key = ctx.req.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalid([
    { path: "Idempotency-Key", message: "must be 1 to 255 visible ASCII characters" },
  ]);
}
