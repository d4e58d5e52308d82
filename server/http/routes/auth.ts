import Router from "koa-router";
import {
  loginBody,
  passwordBody,
  refreshBody,
  registerBody,
  type User,
} from "../../../protocol/auth.ts";
import { emptyQuery } from "../../../protocol/common.ts";
import type { Act } from "../../auth/audit.ts";
import type { Auth } from "../../auth/auth.ts";
import type { Caller } from "../../auth/caller.ts";
import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { readJson, readOptionalJson, readQuery } from "../body.ts";
import type { Context, State } from "../context.ts";
import { readId } from "../ids.ts";
import { principalOf, requireSignIn } from "../middleware/authenticate.ts";
import { createRefreshCookie } from "../refresh-cookie.ts";

const callerOf = (ctx: Context): Caller => ({
  userAgent: ctx.get("User-Agent"),
  ip: ctx.ip,
  requestId: ctx.state.requestId,
});

/** What is done at each path, in the words of the audit trail. */
const acts: Record<string, Act> = {
  "/api/v1/auth/register": "register",
  "/api/v1/auth/login": "login",
  "/api/v1/auth/refresh": "refresh",
  "/api/v1/auth/logout": "session_end",
};

type Deps = { auth: Auth; config: Pick<Config, "isDevelopment" | "allowedOrigins" | "limits"> };

export function authRoutes({ auth, config }: Deps) {
  const router = new Router<State>();
  const cookie = createRefreshCookie(config);
  const signedIn = requireSignIn(auth);
  const { jsonBytes } = config.limits;

  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (err) {
      const act = acts[ctx.path];
      if (act && err instanceof AppError && err.code === "forbidden") {
        auth.noteDenied(act, callerOf(ctx));
      }
      throw err;
    }
  });

  router.post("/api/v1/auth/register", async (ctx) => {
    readQuery(ctx, emptyQuery);
    const body = await readJson(ctx, registerBody, jsonBytes);
    if (body.refresh === "cookie") cookie.requireOwnOrigin(ctx, false);
    cookie.answer(ctx, await auth.register(body, callerOf(ctx)), body.refresh);
    ctx.status = 201;
  });

  router.post("/api/v1/auth/login", async (ctx) => {
    readQuery(ctx, emptyQuery);
    const body = await readJson(ctx, loginBody, jsonBytes);
    if (body.refresh === "cookie") cookie.requireOwnOrigin(ctx, false);
    cookie.answer(ctx, await auth.login(body, callerOf(ctx)), body.refresh);
  });

  router.post("/api/v1/auth/refresh", async (ctx) => {
    readQuery(ctx, emptyQuery);
    const { refreshToken } = await readOptionalJson(ctx, refreshBody, jsonBytes);
    const token = refreshToken ?? cookie.read(ctx, true);
    if (token === undefined) throw new AppError("unauthorized", "There is no refresh token.");
    const way = refreshToken === undefined ? "cookie" : "body";
    cookie.answer(ctx, await auth.refresh(token, callerOf(ctx)), way);
  });

  router.post("/api/v1/auth/logout", async (ctx) => {
    readQuery(ctx, emptyQuery);
    const hasBearer = ctx.get("Authorization") !== "";
    const token = cookie.read(ctx, !hasBearer);
    const isByCookie = token !== undefined && !hasBearer;
    if (!isByCookie) await signedIn(ctx, async () => {});
    await readOptionalJson(ctx, emptyQuery, jsonBytes);
    if (isByCookie) await auth.logOutBy(token, callerOf(ctx));
    else await auth.logOut(principalOf(ctx), callerOf(ctx));
    if (token !== undefined) cookie.remove(ctx);
    ctx.status = 204;
  });

  router.post("/api/v1/auth/password", signedIn, async (ctx) => {
    readQuery(ctx, emptyQuery);
    const body = await readJson(ctx, passwordBody, jsonBytes);
    await auth.changePassword(principalOf(ctx), body, callerOf(ctx));
    ctx.status = 204;
  });

  router.get("/api/v1/auth/sessions", signedIn, async (ctx) => {
    readQuery(ctx, emptyQuery);
    ctx.body = await auth.listSessions(principalOf(ctx));
  });

  router.delete("/api/v1/auth/sessions/:id", signedIn, async (ctx) => {
    readQuery(ctx, emptyQuery);
    await auth.endSession(principalOf(ctx), readId(ctx.params), callerOf(ctx));
    ctx.status = 204;
  });

  router.get("/api/v1/me", signedIn, async (ctx) => {
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
