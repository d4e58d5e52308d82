import type { Context, Next } from "../context.ts";

/** What every reply says to browsers; answers about people's data are never stored. */
export async function setSafeHeaders(ctx: Context, next: Next): Promise<void> {
  ctx.set("X-Content-Type-Options", "nosniff");
  ctx.set("Referrer-Policy", "no-referrer");
  ctx.set("Cross-Origin-Opener-Policy", "same-origin");
  if (ctx.path.startsWith("/api/")) ctx.set("Cache-Control", "no-store");
  await next();
}
