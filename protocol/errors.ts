/** Every error code a client can meet, with its HTTP status and the title of its problem document. */
export const errorCodes = {
  bad_request: { status: 400, title: "The request can't be parsed" },
  cursor_invalid: { status: 400, title: "The cursor is not valid here" },
  unauthorized: { status: 401, title: "Sign in first" },
  token_expired: { status: 401, title: "The access token has expired" },
  invalid_credentials: { status: 401, title: "Email or password is wrong" },
  token_reused: { status: 401, title: "The refresh token was used before: the session has ended" },
  session_revoked: { status: 401, title: "The session has ended" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Conflict with the present state" },
  request_timeout: { status: 408, title: "The request came too slowly" },
  payload_too_large: { status: 413, title: "Too large" },
  range_not_satisfiable: { status: 416, title: "The file has no such range" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  validation_failed: { status: 422, title: "The request is not valid" },
  rate_limited: { status: 429, title: "Over a limit" },
  internal: { status: 500, title: "A fault of the server" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
  index_building: { status: 503, title: "The column's index is being built" },
  query_timeout: { status: 503, title: "The question took too long" },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One offending place of an input, as listed in `errors` of `validation_failed`. */
export type FieldError = { path: string; message: string };

/** What a failed socket request answers; HTTP answers the same as `application/problem+json` (RFC 9457). */
export type PublicError = {
  code: ErrorCode;
  message: string;
  errors?: FieldError[];
  /** seconds */
  retryAfter?: number;
  /** of `index_building`: the job to watch */
  jobId?: string;
};

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  requestId: string;
  errors?: FieldError[];
  retryAfter?: number;
  jobId?: string;
};
