import type { Auth } from "../../auth/auth.ts";
import type { Rate } from "../../infrastructure/rates.ts";

/** Whoever proves who is asking also takes one of the user's calls; over the limit it is `rate_limited`. */
export const limitCalls = (auth: Auth, calls: Rate): Auth => ({
  ...auth,
  async authenticate(token) {
    const principal = await auth.authenticate(token);
    await calls.take(principal.userId);
    return principal;
  },
});
