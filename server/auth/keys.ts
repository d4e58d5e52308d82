import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

export type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject };

/** Reads P-256 private keys from PEM text, one after another: the first signs, all verify. */
export function readSigningKeys(pem: string): [SigningKey, ...SigningKey[]] {
  const blocks = pem.match(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]+-----END \1-----/g) ?? [];
  const [first, ...others] = blocks.map(readKey);
  if (!first) throw new Error("JWT_PRIVATE_KEYS: holds no private key in PEM");
  return [first, ...others];
}

function readKey(block: string, index: number): SigningKey {
  const privateKey = parsePrivateKey(block, index + 1);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new Error(`JWT_PRIVATE_KEYS: key ${index + 1} is none of P-256 (prime256v1)`);
  }
  const publicKey = createPublicKey(privateKey);
  return { kid: thumbprint(publicKey), privateKey, publicKey };
}

function parsePrivateKey(block: string, number: number): KeyObject {
  try {
    return createPrivateKey(block);
  } catch {
    // Without the cause, whose words may quote the key.
    throw new Error(`JWT_PRIVATE_KEYS: key ${number} can't be read as a private key`);
  }
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
