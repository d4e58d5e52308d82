import type Router from "koa-router";
import { AppError } from "../../errors.ts";
import type { Context, Next, State } from "../context.ts";

/** Answers `method_not_allowed`, with `Allow`, where a path exists but not with this method. */
export const refuseOtherMethods =
  (routers: Router<State>[]) => async (ctx: Context, next: Next) => {
    await next();
    if (ctx.status !== 404 || ctx.body != null) return;
    const matched = routers.flatMap((router) => router.match(ctx.path, ctx.method).path);
    const methods = new Set(matched.flatMap((layer) => layer.methods));
    if (methods.size === 0 || methods.has(ctx.method)) return;
    ctx.set("Allow", [...methods].join(", "));
    throw new AppError("method_not_allowed");
  };
