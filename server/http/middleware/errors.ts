import { errorCodes, type Problem } from "../../../protocol/errors.ts";
import { AppError, toAppError, toPublicError } from "../../errors.ts";
import type { Logger } from "../../infrastructure/logger.ts";
import type { Context, Next } from "../context.ts";

/** The one place where a failed request becomes an answer: `application/problem+json` (RFC 9457). */
export const answerErrors = (logger: Logger) => async (ctx: Context, next: Next) => {
  try {
    await next();
    if (ctx.status === 404 && ctx.body == null) throw new AppError("not_found");
  } catch (thrown) {
    const error = toAppError(thrown);
    const { status } = errorCodes[error.code];
    if (status >= 500 && error.code !== "index_building") {
      const { requestId } = ctx.state;
      const level = error.code === "internal" ? "error" : "warn";
      logger[level]({
        err: error.cause ?? error,
        event: "request_failed",
        requestId,
        path: ctx.path,
      });
    }
    answer(ctx, error, status);
  }
};

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
