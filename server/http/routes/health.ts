import Router from "koa-router";
import { AppError } from "../../errors.ts";
import type { State } from "../context.ts";

/** `isReady` says whether both stores answer. */
export function healthRoutes(isReady: () => Promise<boolean>) {
  const router = new Router<State>();

  router.get("/healthz", (ctx) => {
    ctx.body = { status: "ok" };
  });

  router.get("/readyz", async (ctx) => {
    if (!(await isReady())) throw new AppError("unavailable", undefined, { retryAfter: 2 });
    ctx.body = { status: "ok" };
  });

  return router;
}
