import type { Grant } from "../auth/grants.ts";
import { AppError } from "../errors.ts";
import { isOwnOrigin } from "../infrastructure/origin.ts";
import type { Context } from "./context.ts";

const path = "/api/v1/auth";

type Options = { isDevelopment: boolean; allowedOrigins: readonly string[] };

/** The refresh token as a cookie that no script reads and that goes to the auth calls alone. */
export function createRefreshCookie({ isDevelopment, allowedOrigins }: Options) {
  const name = isDevelopment ? "sluice_refresh" : "__Secure-sluice_refresh";

  function set(ctx: Context, value: string, seconds: number): void {
    const rules = [`Path=${path}`, `Max-Age=${seconds}`, "HttpOnly", "SameSite=Strict"];
    if (!isDevelopment) rules.push("Secure");
    ctx.append("Set-Cookie", [`${name}=${value}`, ...rules].join("; "));
  }

  /** Throws `forbidden` for pages of another origin, and for scripts (no origin) where `mustBeNamed`. */
  function requireOwnOrigin(ctx: Context, mustBeNamed: boolean): void {
    const origin = ctx.get("Origin");
    if (origin === "" && !mustBeNamed) return;
    if (isOwnOrigin(origin, ctx.req.headers.host, allowedOrigins)) return;
    throw new AppError("forbidden", "This origin may not use the cookie of a session.");
  }

  return {
    requireOwnOrigin,

    /** The answer to a sign-in or refresh: the refresh token goes into the cookie or into the body. */
    answer(ctx: Context, { signedIn, expiresAt }: Grant, way: "body" | "cookie"): void {
      const { refreshToken, ...rest } = signedIn;
      const seconds = Math.floor((expiresAt.getTime() - Date.now()) / 1000);
      if (way === "cookie") set(ctx, refreshToken, seconds);
      ctx.body = way === "cookie" ? rest : signedIn;
    },

    /** The token that the browser sent; `mustBeNamed`: it is all that proves who calls. */
    read(ctx: Context, mustBeNamed: boolean): string | undefined {
      const token = ctx.cookies.get(name, { signed: false });
      if (token !== undefined) requireOwnOrigin(ctx, mustBeNamed);
      return token;
    },

    remove: (ctx: Context): void => set(ctx, "", 0),
  };
}
