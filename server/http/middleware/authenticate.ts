import type { Auth } from "../../auth/auth.ts";
import type { Principal } from "../../auth/principal.ts";
import { AppError } from "../../errors.ts";
import type { Context, Next } from "../context.ts";

/** Lets only requests with a valid `Authorization: Bearer` (RFC 6750, section 2.1) through. */
export const requireSignIn = (auth: Auth) => async (ctx: Context, next: Next) => {
  if ("token" in ctx.query || "access_token" in ctx.query) {
    throw new AppError("unauthorized", "A token never stands in a query string.");
  }
  const [scheme, token, ...rest] = ctx.get("Authorization").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || rest.length > 0) throw new AppError("unauthorized");
  ctx.state.principal = await auth.authenticate(token);
  await next();
};

export function principalOf(ctx: Context): Principal {
  if (!ctx.state.principal) throw new AppError("unauthorized");
  return ctx.state.principal;
}
