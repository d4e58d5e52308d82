import type { Auth } from "../../auth/auth.ts";
import type { Rate } from "../../infrastructure/rates.ts";

/**
 * Whoever shows a token that verifies takes one of its user's calls; over the limit it is `rate_limited`, and
 * nothing is read.
 */
export const limitCalls = (auth: Auth, calls: Rate): Auth => ({
  ...auth,
  authenticate: (token) => auth.authenticate(token, calls.take),
});
