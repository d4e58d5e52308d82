import type { SignedIn } from "../../protocol/auth.ts";
import type { Dataset } from "../../protocol/datasets.ts";
import type { FieldError, Problem } from "../../protocol/errors.ts";
import type { Job } from "../../protocol/jobs.ts";

/** An HTTP call that was refused, or (`status` 0) never reached the server. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: Problem["code"] | "unreachable";
  readonly errors: FieldError[];
  readonly requestId: string | null;

  constructor(problem: Partial<Problem>, status: number) {
    super(problem.detail ?? problem.title ?? unreachable(status));
    this.status = status;
    this.code = problem.code ?? "unreachable";
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId ?? null;
  }
}

const unreachable = (status: number) =>
  status === 0
    ? "The server can't be reached. Check the connection and try again."
    : `The server answered ${status} without saying why. Try again in a moment.`;

/** Reads a problem document, or makes one of whatever a proxy may have answered. */
export const toProblem = (status: number, body: string): ApiProblem => {
  try {
    return new ApiProblem(JSON.parse(body), status);
  } catch {
    return new ApiProblem({}, status);
  }
};

const call = async <T>(method: string, path: string, token?: string, body?: object): Promise<T> => {
  const headers = new Headers({ Accept: "application/json" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body) headers.set("Content-Type", "application/json");
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`/api/v1${path}`, init).catch(() => {
    throw new ApiProblem({}, 0);
  });
  const text = await response.text();
  if (!response.ok) throw toProblem(response.status, text);
  return JSON.parse(text);
};

type Credentials = { email: string; password: string };

export const register = (who: Credentials) => call<SignedIn>("POST", "/auth/register", "", who);
export const login = (who: Credentials) => call<SignedIn>("POST", "/auth/login", "", who);

export const renameDataset = (token: string, id: string, name: string) =>
  call<Dataset>("PATCH", `/datasets/${id}`, token, { name });

export const deleteDataset = (token: string, id: string) =>
  call<{ job: Job }>("DELETE", `/datasets/${id}`, token);
