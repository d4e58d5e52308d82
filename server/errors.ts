import {
  type ErrorCode,
  errorCodes,
  type FieldError,
  type PublicError,
} from "../protocol/errors.ts";

type Details = { cause?: unknown; errors?: FieldError[]; retryAfter?: number; jobId?: string };

/** An error whose code and message a client may see. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  /** seconds */
  readonly retryAfter: number | undefined;
  readonly jobId: string | undefined;

  constructor(code: ErrorCode, message?: string, details: Details = {}) {
    super(message ?? `${errorCodes[code].title}.`, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.errors = details.errors;
    this.retryAfter = details.retryAfter;
    this.jobId = details.jobId;
  }
}

/** Names by which the drivers report that a store can't be reached (mongodb, ioredis). */
const namesOfAway = new Set([
  "MongoServerSelectionError",
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoPoolClearedError",
  "PoolClearedOnNetworkError",
  "MongoPoolClosedError",
  "MongoServerClosedError",
  "MongoWaitQueueTimeoutError",
  "MongoTopologyClosedError",
  "MongoNotConnectedError",
  "MongoClientClosedError",
  "MaxRetriesPerRequestError",
  "ClusterAllFailedError",
]);
const codesOfAway = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "NR_CLOSED", "ETIMEDOUT"],
  // A member of a replica set that isn't, or is no longer, the one to ask: a step-down, an election, a stop
  // ("retryable" in MongoDB's specifications of retryable reads and writes).
  ...[
    "6",
    "7",
    "89",
    "91",
    "134",
    "189",
    "262",
    "9001",
    "10058",
    "10107",
    "11600",
    "11602",
    "13435",
  ],
  // FailedToSatisfyReadPreference, NotPrimaryOrSecondary, and too few members to acknowledge a write.
  ...["133", "13436", "64", "79", "100"],
]);
/** By which MongoDB and its driver say that the same again may well succeed. */
const labelsOfAway = [
  "RetryableWriteError",
  "TransientTransactionError",
  "UnknownTransactionCommitResult",
];

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
  const labels =
    "errorLabels" in thrown && Array.isArray(thrown.errorLabels) ? thrown.errorLabels : [];
  const isLabelled = labelsOfAway.some((label) => labels.includes(label));
  return namesOfAway.has(thrown.name) || codesOfAway.has(code) || isLabelled;
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
    ...(error.jobId !== undefined && { jobId: error.jobId }),
  };
}
