import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import jwt from "jsonwebtoken";
import { testKey } from "../../support/cluster.ts";

export type Claims = Record<string, unknown>;

/** The claims of a token, unchecked. */
export const claimsOf = (token: string): Claims => jwt.decode(token) as Claims;
export const headerOf = (token: string) => ({ ...jwt.decode(token, { complete: true })?.header });

/** Signs claims as the server does, with the key of the tests unless told otherwise. */
export function sign(
  claims: Claims,
  header: object,
  { key = testKey, algorithm = "ES256" as jwt.Algorithm } = {},
): string {
  const given = Object.entries(claims).filter(([, value]) => value !== undefined);
  const options = { algorithm, header: { ...header, alg: algorithm } };
  return jwt.sign(Object.fromEntries(given), key, options);
}

/** A good token with other claims; one that is undefined is left out. */
export const resign = (token: string, changes: Claims) =>
  sign({ ...claimsOf(token), ...changes }, { kid: headerOf(token).kid });

/** A token of three given parts; the last is a signature or nothing. */
export const assemble = (header: object, claims: Claims, signature = "") =>
  `${encode(header)}.${encode(claims)}.${signature}`;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

export const publicPem = () =>
  createPublicKey(createPrivateKey(testKey)).export({ type: "spki", format: "pem" }).toString();

export const randomId = () => randomBytes(16).toString("base64url");
