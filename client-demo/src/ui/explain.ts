import { RequestError } from "../../../client/request.ts";
import { ApiProblem } from "../api.ts";

const ofRequest = (error: RequestError) => {
  const fields = error.errors.map(({ message }) => message).join("; ");
  const wait = error.retryAfter ? ` Try again in ${Math.ceil(error.retryAfter)} s.` : "";
  return `${fields || error.message}${wait}`;
};

/** What happened, in words for a person, with the request id to quote where there is one. */
export const explain = (error: unknown): string => {
  if (error instanceof RequestError) return ofRequest(error);
  if (!(error instanceof ApiProblem)) return "Something went wrong in this page. Reload it.";
  const fields = error.errors.map(({ message }) => message).join("; ");
  return `${fields || error.message}${error.requestId ? ` (request ${error.requestId})` : ""}`;
};
