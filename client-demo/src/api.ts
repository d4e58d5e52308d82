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
  /** seconds until another try makes sense; null where nobody said */
  readonly retryAfter: number | null;

  constructor(problem: Partial<Problem>, status: number) {
    super(problem.detail ?? problem.title ?? describeStatus(status, problem.retryAfter));
    this.status = status;
    this.code = problem.code ?? "unreachable";
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId ?? null;
    this.retryAfter = problem.retryAfter ?? null;
  }
}

const describeStatus = (status: number, retryAfter: number | undefined) => {
  if (status === 0) return "The server can't be reached. Check the connection and try again.";
  const words = `The server answered ${status} without saying why.`;
  return retryAfter ? words : `${words} Try again in a moment.`;
};

/**
 * Reads a problem document, or makes one of whatever a proxy may have answered; `retryAfter` is the
 * header of that name, in seconds.
 */
export const toProblem = (status: number, body: string, retryAfter: string | null): ApiProblem => {
  const seconds = Number(retryAfter ?? Number.NaN);
  const wait = Number.isFinite(seconds) ? { retryAfter: seconds } : {};
  try {
    return new ApiProblem({ ...wait, ...JSON.parse(body) }, status);
  } catch {
    return new ApiProblem(wait, status);
  }
};

const call = async <T>(method: string, path: string, token?: string, body?: object): Promise<T> => {
  const headers = new Headers({ Accept: "application/json" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body) headers.set("Content-Type", "application/json");
  // It ends even if the window closes: the answer to a refresh must reach the browser's cookies.
  const keepalive = path.startsWith("/auth/");
  const init = { method, headers, keepalive, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`/api/v1${path}`, init).catch(() => {
    throw new ApiProblem({}, 0);
  });
  const text = await response.text();
  if (!response.ok) throw toProblem(response.status, text, response.headers.get("Retry-After"));
  // A 204 has none; what each call gives is said where it is made.
  return (text === "" ? undefined : JSON.parse(text)) as T;
};

type Credentials = { email: string; password: string };
const refresh = "cookie";

export const register = (who: Credentials) =>
  call<SignedIn>("POST", "/auth/register", "", { ...who, refresh });
export const login = (who: Credentials) =>
  call<SignedIn>("POST", "/auth/login", "", { ...who, refresh });
/** By the cookie, which the browser alone can read. */
export const refreshTokens = () => call<SignedIn>("POST", "/auth/refresh", "", {});
export const logOut = (token: string) => call<undefined>("POST", "/auth/logout", token, {});

export const renameDataset = (token: string, id: string, name: string) =>
  call<Dataset>("PATCH", `/datasets/${id}`, token, { name });

export const deleteDataset = (token: string, id: string) =>
  call<{ job: Job }>("DELETE", `/datasets/${id}`, token);

/** What didn't fit, as a file to mend: from the stream straight into a blob, which the browser may keep on disk. */
export const downloadRejects = async (token: string, { id, format }: Dataset): Promise<Blob> => {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`/api/v1/datasets/${id}/rejects.${format}`, { headers }).catch(
    () => {
      throw new ApiProblem({}, 0);
    },
  );
  if (response.ok) return response.blob();
  throw toProblem(response.status, await response.text(), response.headers.get("Retry-After"));
};
