import { generateKeyPairSync } from "node:crypto";
import type { ErrorCode } from "../../../protocol/errors.ts";
import type { TestClient } from "../../support/client.ts";
import { assemble, claimsOf, headerOf, publicPem, randomId, resign, sign } from "./tokens.ts";

const now = () => Math.floor(Date.now() / 1000);
const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
/** A key that no node knows unless it is told. */
export const otherKey = newKey().export({ type: "pkcs8", format: "pem" }).toString();

type Forge = (ann: TestClient) => string;
const parts = ({ token }: TestClient) => token.split(".");

/** Tokens made from a good one that no node may take, and what it answers. */
export const forgeries: [string, Forge, ErrorCode][] = [
  ["no algorithm", (a) => assemble({ alg: "none", typ: "JWT" }, claimsOf(a.token)), "unauthorized"],
  [
    "no algorithm under a good key's id",
    (a) => assemble({ ...headerOf(a.token), alg: "none" }, claimsOf(a.token)),
    "unauthorized",
  ],
  [
    "another algorithm in its header",
    (a) => assemble({ ...headerOf(a.token), alg: "ES512" }, claimsOf(a.token), parts(a)[2]),
    "unauthorized",
  ],
  [
    "the public key as a shared secret",
    (a) => sign(claimsOf(a.token), headerOf(a.token), { key: publicPem(), algorithm: "HS256" }),
    "unauthorized",
  ],
  [
    "another key",
    (a) => sign(claimsOf(a.token), headerOf(a.token), { key: otherKey }),
    "unauthorized",
  ],
  ["an unknown key's id", (a) => sign(claimsOf(a.token), { kid: "nobody" }), "unauthorized"],
  ["no key's id", (a) => sign(claimsOf(a.token), {}), "unauthorized"],
  [
    "an unknown critical header",
    (a) => sign(claimsOf(a.token), { ...headerOf(a.token), crit: ["b64"] }),
    "unauthorized",
  ],
  [
    "one byte of its claims changed",
    ({ token }) =>
      token.replace(/\.(.{20})(.)/, (_, head, c) => `.${head}${c === "A" ? "B" : "A"}`),
    "unauthorized",
  ],
  ["no signature", (a) => `${parts(a)[0]}.${parts(a)[1]}.`, "unauthorized"],
  ["an end one second ago", (a) => resign(a.token, { exp: now() - 1 }), "token_expired"],
  ["another issuer", (a) => resign(a.token, { iss: "evil" }), "unauthorized"],
  ["another audience", (a) => resign(a.token, { aud: "evil" }), "unauthorized"],
  ["no audience", (a) => resign(a.token, { aud: undefined }), "unauthorized"],
  ["no end", (a) => resign(a.token, { exp: undefined }), "unauthorized"],
  ["a beginning a minute ahead", (a) => resign(a.token, { iat: now() + 60 }), "unauthorized"],
  ["a validity a minute ahead", (a) => resign(a.token, { nbf: now() + 60 }), "unauthorized"],
  ["roles that are a text", (a) => resign(a.token, { roles: "user" }), "unauthorized"],
  ["no roles", (a) => resign(a.token, { roles: undefined }), "unauthorized"],
  ["no session", (a) => resign(a.token, { sid: undefined }), "unauthorized"],
  ["a session that isn't there", (a) => resign(a.token, { sid: randomId() }), "session_revoked"],
  ["ten thousand dots", () => ".".repeat(10_000), "unauthorized"],
  ["nothing", () => "", "unauthorized"],
];
