import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

export type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject };

/** Reads P-256 private keys from PEM text, one after another: the first signs, all verify. */
export function readSigningKeys(pem: string): [SigningKey, ...SigningKey[]] {
  const blocks = pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const [first, ...others] = blocks.map(readKey);
  if (!first) throw new Error("JWT_PRIVATE_KEYS holds no private key in PEM");
  return [first, ...others];
}

function readKey(block: string): SigningKey {
  const privateKey = createPrivateKey(block);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new Error("JWT_PRIVATE_KEYS must hold P-256 (prime256v1) keys: ES256 signs with those");
  }
  const publicKey = createPublicKey(privateKey);
  return { kid: thumbprint(publicKey), privateKey, publicKey };
}

/** RFC 7638: the hash of the key's required members in alphabetical order. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x, y } = publicKey.export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

/** RFC 7517: the set of public keys that verify access tokens. */
export function toJwks(keys: readonly SigningKey[]) {
  return {
    keys: keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: "jwk" }),
      kid,
      alg: "ES256",
      use: "sig",
    })),
  };
}
