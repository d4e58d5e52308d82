import { errorCodes, type Problem } from "../../../protocol/errors.ts";
import { AppError, toAppError, toPublicError } from "../../errors.ts";
import type { Logger } from "../../infrastructure/logger.ts";
import { createSampler } from "../../infrastructure/sampler.ts";
import type { Context, Next } from "../context.ts";

/** The one place where a failed request becomes an answer: `application/problem+json` (RFC 9457). */
export function answerErrors(logger: Logger) {
  const log = createErrorLog(logger);
  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new AppError("not_found");
    } catch (thrown) {
      const error = toAppError(thrown);
      log(ctx, error);
      answer(ctx, error, errorCodes[error.code].status);
    }
  };
}

/** Faults of the server each, refusals sampled. */
function createErrorLog(logger: Logger) {
  const sample = createSampler((line) => logger.info({ event: "request_refused", ...line }));

  return (ctx: Context, error: AppError): void => {
    const { code } = error;
    const { status } = errorCodes[code];
    const { requestId, principal } = ctx.state;
    // The route, not the path: whatever a caller writes may stand there.
    const { method, _matchedRoute: route } = ctx;
    if (status < 500) {
      const who = { userId: principal?.userId, address: ctx.request.ip };
      sample(code, { code, status, method, route, requestId, ...who });
    } else if (code !== "index_building") {
      const level = code === "internal" ? "error" : "warn";
      const err = error.cause ?? error;
      logger[level]({ err, event: "request_failed", method, route, requestId });
    }
  };
}

function answer(ctx: Context, error: AppError, status: number): void {
  const { code, message, ...details } = toPublicError(error);
  const problem: Problem = {
    type: "about:blank",
    title: errorCodes[code].title,
    status,
    detail: message,
    code,
    requestId: ctx.state.requestId,
    ...details,
  };
  ctx.status = status;
  ctx.type = "application/problem+json";
  ctx.body = JSON.stringify(problem);
  if (status === 401) ctx.set("WWW-Authenticate", "Bearer");
  if (error.retryAfter !== undefined) ctx.set("Retry-After", String(error.retryAfter));
}
