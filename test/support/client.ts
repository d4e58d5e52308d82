import { randomBytes } from "node:crypto";
import { connect } from "../../client/connect.ts";
import { request } from "../../client/request.ts";
import type { SignedIn } from "../../protocol/auth.ts";
import type { Dataset } from "../../protocol/datasets.ts";
import type { Job, Submitted } from "../../protocol/jobs.ts";
import { keepSecrets } from "./logs.ts";

export const goodPassword = "green teapots sing at dawn";

export type Answer<T = unknown> = { status: number; headers: Headers; body: T };

/** One JSON call, with or without a token. */
export async function call<T = unknown>(
  url: string,
  path: string,
  init: RequestInit & { token?: string; json?: unknown } = {},
): Promise<Answer<T>> {
  const { token, json, ...rest } = init;
  keepSecrets(passwordsIn(json));
  const headers = new Headers(rest.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (json !== undefined) headers.set("Content-Type", "application/json");
  const body = json === undefined ? rest.body : JSON.stringify(json);
  const reply = await fetch(new URL(path, url), { ...rest, headers, ...(body && { body }) });
  const text = await reply.text();
  const isJson = /[/+]json/.test(reply.headers.get("Content-Type") ?? "");
  return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text };
}

const longestPassword = 200;

/** Those of a body of the auth calls; not one that is the email, too, which is no secret. */
function passwordsIn(json: unknown): string[] {
  const { email, password, current, next } = Object(json);
  return [password, current, next].filter(
    (one): one is string =>
      typeof one === "string" && one.length <= longestPassword && one !== email,
  );
}

/** Makes an account on a node and gives what a person with a script would use. */
export async function createClient(url: string, headers: Record<string, string> = {}) {
  const email = `${randomBytes(6).toString("hex")}@example.com`;
  const registered = await call<SignedIn>(url, "/api/v1/auth/register", {
    method: "POST",
    json: { email, password: goodPassword },
    headers,
  });
  if (registered.status !== 201) throw new Error(JSON.stringify(registered.body));
  const token = registered.body.accessToken;
  const sockets: ReturnType<typeof connect>[] = [];

  function socket(at = url) {
    const opened = connect(at, { token });
    sockets.push(opened);
    return opened;
  }

  return {
    url,
    email,
    token,
    refreshToken: registered.body.refreshToken ?? "",
    user: registered.body.user,
    call: <T = unknown>(path: string, init: Parameters<typeof call>[2] = {}, at = url) =>
      call<T>(at, path, { token, ...init }),
    /** A connection to this node or another, by the client library. */
    socket,
    request,

    async upload(
      bytes: string | Uint8Array<ArrayBuffer>,
      { name = "test.csv", type = "text/csv", headers = {}, at = url, query = "" } = {},
    ): Promise<Answer<Submitted>> {
      return call(at, `/api/v1/datasets?name=${encodeURIComponent(name)}${query}`, {
        method: "POST",
        token,
        body: bytes,
        headers: { "Content-Type": type, ...headers },
      });
    },

    /** Waits for the final event of a job, over a socket of its own. */
    async final(jobId: string, at = url): Promise<Job> {
      const { follow } = await import("../../client/follow.ts");
      const watcher = socket(at);
      const ends = ["completed", "failed", "cancelled"];
      for await (const step of follow(watcher, `job:${jobId}`)) {
        if (step.kind === "recovered") continue;
        const job = (step.kind === "snapshot" ? step.snapshot : step.event.data) as Job;
        if (ends.includes(job.state)) {
          watcher.disconnect();
          return job;
        }
      }
      throw new Error("the channel ended before the job did");
    },

    async dataset(id: string): Promise<Dataset> {
      return (await call<Dataset>(url, `/api/v1/datasets/${id}`, { token })).body;
    },

    close() {
      for (const opened of sockets) opened.disconnect();
    },
  };
}

export type TestClient = Awaited<ReturnType<typeof createClient>>;
