import Router from "koa-router";
import { loginBody, registerBody, type User } from "../../../protocol/auth.ts";
import { emptyQuery } from "../../../protocol/common.ts";
import type { Auth, Caller } from "../../auth/auth.ts";
import { readJson, readQuery } from "../body.ts";
import type { Context, State } from "../context.ts";
import { principalOf, requireSignIn } from "../middleware/authenticate.ts";

const callerOf = (ctx: Context): Caller => ({ userAgent: ctx.get("User-Agent"), ip: ctx.ip });

export function authRoutes(auth: Auth, jsonBytes: number) {
  const router = new Router<State>();

  router.post("/api/v1/auth/register", async (ctx) => {
    readQuery(ctx, emptyQuery);
    ctx.body = await auth.register(await readJson(ctx, registerBody, jsonBytes), callerOf(ctx));
    ctx.status = 201;
  });

  router.post("/api/v1/auth/login", async (ctx) => {
    readQuery(ctx, emptyQuery);
    ctx.body = await auth.login(await readJson(ctx, loginBody, jsonBytes), callerOf(ctx));
  });

  router.get("/api/v1/me", requireSignIn(auth), async (ctx) => {
    const { userId, email, name, roles, createdAt } = principalOf(ctx);
    ctx.body = {
      id: userId,
      email,
      name,
      roles,
      createdAt: createdAt.toISOString(),
    } satisfies User;
  });

  router.get("/.well-known/jwks.json", async (ctx) => {
    ctx.body = auth.jwks;
  });

  return router;
}
