import type { SignedIn } from "../../../protocol/auth.ts";
import { type Answer, call, goodPassword } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";
import { claimsOf } from "./tokens.ts";

export const sidOf = ({ accessToken }: Pick<SignedIn, "accessToken">): string =>
  String(claimsOf(accessToken).sid);

export const refresh = (url: string, refreshToken: unknown): Promise<Answer<SignedIn>> =>
  call(url, "/api/v1/auth/refresh", { method: "POST", json: { refreshToken } });

/** Another sign-in of the same person; throws if it is refused. */
export async function logIn(url: string, email: string, password = goodPassword) {
  const json = { email, password };
  const path = "/api/v1/auth/login";
  const { status, body } = await call<SignedIn>(url, path, { method: "POST", json });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { ...body, refreshToken: body.refreshToken ?? "", sessionId: sidOf(body) };
}

/** Makes times of a stored session lie further back, as if so much (ms) had gone by. */
export function age(
  { mongo }: Cluster,
  sessionId: string,
  ages: Record<string, number>,
): Promise<unknown> {
  const set = Object.entries(ages).map(([field, ms]) => [field, { $subtract: ["$$NOW", ms] }]);
  return mongo
    .collection<{ _id: string }>("sessions")
    .updateOne({ _id: sessionId }, [{ $set: Object.fromEntries(set) }]);
}

/** Calls of a cluster with a token: any of the API, and those of signing in. */
export function callsWith(cluster: () => Cluster) {
  const ask = (token: string, path: string, method = "GET", json?: unknown, node = 0) =>
    call(cluster().url(node), `/api/v1/${path}`, { method, token, json });
  const auth = (token: string, path: string, method = "POST", json?: unknown) =>
    ask(token, `auth/${path}`, method, json);
  return { ask, auth };
}
