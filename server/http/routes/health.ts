import Router from "koa-router";
import { AppError } from "../../errors.ts";
import type { State } from "../context.ts";

type Deps = {
  /** whether both stores answer */
  isReady: () => Promise<boolean>;
  isDraining: () => boolean;
};

export function healthRoutes({ isReady, isDraining }: Deps) {
  const router = new Router<State>();

  router.get("/healthz", (ctx) => {
    ctx.body = { status: "ok" };
  });

  router.get("/readyz", async (ctx) => {
    if (isDraining() || !(await isReady()))
      throw new AppError("unavailable", undefined, { retryAfter: 2 });
    ctx.body = { status: "ok" };
  });

  return router;
}
