import { expect } from "@jest/globals";
import { type ErrorCode, errorCodes, type Problem } from "../../../protocol/errors.ts";
import type { Answer } from "../../support/client.ts";

/** Checks that an answer is the problem document of a code (RFC 9457), in all its parts; gives its body. */
export function expectProblem({ status, headers, body }: Answer, code: ErrorCode): Problem {
  const problem = body as Problem;
  expect(problem).toEqual({
    type: "about:blank",
    title: errorCodes[code].title,
    status: errorCodes[code].status,
    detail: expect.stringMatching(/^[^\n{}\\]{3,300}$/),
    code,
    requestId: headers.get("X-Request-Id"),
    ...(code === "validation_failed" && { errors: expect.any(Array) }),
    ...(code === "index_building" && { jobId: expect.stringMatching(/^[\w-]{22}$/) }),
    ...(problem.retryAfter !== undefined && { retryAfter: Number(headers.get("Retry-After")) }),
  });
  expect(status).toBe(errorCodes[code].status);
  expect(headers.get("Content-Type")).toMatch(/^application\/problem\+json/);
  return problem;
}

/** The places that a refusal names. */
export const pathsOf = (problem: Problem) => (problem.errors ?? []).map(({ path }) => path);

/** What is left of a problem once its request id, different each time, is off. */
export const withoutId = (body: unknown) => ({ ...(body as Problem), requestId: "" });
