import { createPublicKey } from "node:crypto";
import { forgeries } from "../../flows/support/forgeries.ts";
import { assemble, claimsOf, headerOf } from "../../flows/support/tokens.ts";
import { call, type TestClient } from "../../support/client.ts";
import { patiently } from "./patience.ts";
import { knock } from "./sockets.ts";
import type { World } from "./world.ts";

export const codeOf = ({ body, status }: { body: unknown; status: number }): string | number =>
  (Object(body) as { code?: string }).code ?? status;

/** How a token is taken: by HTTP and by the socket. */
export async function tryToken(world: World, token: string) {
  const answer = await patiently(() =>
    call(world.url, "/api/v1/me", { headers: { Authorization: `Bearer ${token}` } }),
  );
  return [codeOf(answer), await knock(world, { auth: { token } })];
}

/** A forgery by its name in the list of them. */
export function forge(name: string, client: TestClient): string {
  const found = forgeries.find(([what]) => what === name);
  if (!found) throw new Error(`no forgery is called ${name}`);
  return found[1](client);
}

/** The key that the server publishes, in PEM: what anybody can get to sign with. */
export async function publishedKey(world: World): Promise<string> {
  const { body } = await call<{ keys: object[] }>(world.url, "/.well-known/jwks.json");
  const key = createPublicKey({ key: { ...body.keys[0] }, format: "jwk" });
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** With its own signature, and another algorithm named in front. */
export const renamed = ({ token }: TestClient, alg: string): string =>
  assemble({ ...headerOf(token), alg }, claimsOf(token), token.split(".")[2]);
