import {
  type ErrorCode,
  errorCodes,
  type FieldError,
  type PublicError,
} from "../protocol/errors.ts";

type Details = { cause?: unknown; errors?: FieldError[]; retryAfter?: number };

/** An error whose code and message a client may see. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  /** seconds */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message?: string, details: Details = {}) {
    super(message ?? `${errorCodes[code].title}.`, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.errors = details.errors;
    this.retryAfter = details.retryAfter;
  }
}

/** Names by which the drivers report that a store can't be reached (mongodb, ioredis, node:net). */
const storeIsAway = new Set([
  "MongoServerSelectionError",
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoPoolClearedError",
  "MongoWaitQueueTimeoutError",
  "MongoTopologyClosedError",
  "MongoNotConnectedError",
  "MaxRetriesPerRequestError",
  "ClusterAllFailedError",
]);
const storeIsAwayCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "NR_CLOSED", "ETIMEDOUT"]);

/** Turns whatever was thrown into an AppError: a store that is away is `unavailable`, the rest `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isStoreAway(thrown)) {
    return new AppError("unavailable", "A store can't be reached right now; try again shortly.", {
      cause: thrown,
      retryAfter: 2,
    });
  }
  if (isQueryTimeout(thrown)) {
    return new AppError("query_timeout", "The question took longer than 5 s.", { cause: thrown });
  }
  return new AppError("internal", "Something went wrong on the server.", { cause: thrown });
}

/** Whether an error says that MongoDB or Redis can't be reached right now. */
export function isStoreAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = "code" in thrown ? String(thrown.code) : "";
  return storeIsAway.has(thrown.name) || storeIsAwayCodes.has(code);
}

/** MaxTimeMSExpired (MongoDB error code 50). */
export function isQueryTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === 50;
}

export function toPublicError(error: AppError): PublicError {
  return {
    code: error.code,
    message: error.message,
    ...(error.errors && { errors: error.errors }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  };
}
