import { createId } from "../../infrastructure/ids.ts";
import type { Context, Next } from "../context.ts";

/** Gives every reply the id to quote and the node that gave it. */
export const identify = (node: string) => async (ctx: Context, next: Next) => {
  const given = ctx.get("X-Request-Id");
  ctx.state.requestId = /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : createId();
  ctx.set("X-Request-Id", ctx.state.requestId);
  ctx.set("X-Node-Id", node);
  await next();
};
