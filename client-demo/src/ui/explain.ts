import { RequestError } from "../../../client/request.ts";
import { ApiProblem } from "../api.ts";
import { formatSeconds } from "../format.ts";

/** What happened, in words for a person, when to try again, and the request id to quote, if known. */
export const explain = (error: unknown): string => {
  if (!(error instanceof RequestError) && !(error instanceof ApiProblem))
    return "Something went wrong in this page. Reload it.";
  const fields = error.errors.map(({ message }) => message).join("; ");
  const parts = [fields || error.message];
  if (error.retryAfter) parts.push(`Try again in ${formatSeconds(Math.ceil(error.retryAfter))}.`);
  if (error instanceof ApiProblem && error.requestId) parts.push(`(request ${error.requestId})`);
  return parts.join(" ");
};
