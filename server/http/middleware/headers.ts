import type { Context, Next } from "../context.ts";

/** Nothing that isn't the page itself has a reason to load, frame or embed anything. */
const policy = ["default-src", "object-src", "base-uri", "form-action", "frame-ancestors"]
  .map((directive) => `${directive} 'none'`)
  .join("; ");

const yearSeconds = 365 * 24 * 3600;

/** What every reply says to browsers; answers about people's data are never stored. */
export const setSafeHeaders = (publicUrl: string) => {
  const isBehindTls = publicUrl.startsWith("https:");
  return async (ctx: Context, next: Next): Promise<void> => {
    ctx.set("X-Content-Type-Options", "nosniff");
    ctx.set("Referrer-Policy", "no-referrer");
    ctx.set("Cross-Origin-Opener-Policy", "same-origin");
    ctx.set("Content-Security-Policy", policy);
    if (isBehindTls) ctx.set("Strict-Transport-Security", `max-age=${yearSeconds}`);
    if (ctx.path.startsWith("/api/")) ctx.set("Cache-Control", "no-store");
    await next();
  };
};
