import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function makeKeys() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    JWT_PRIVATE_KEYS: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    SLUICE_SECRET: randomBytes(32).toString("base64url"),
  };
}

/**
 * The signing key (P-256, PKCS#8 PEM) and the secret of this folder, made at its first use so that
 * sessions and cursors outlive a restart; the environment's own win.
 * @param {string} folder
 * @returns {{ JWT_PRIVATE_KEYS: string, SLUICE_SECRET: string }}
 */
export function readKeys(folder) {
  const path = join(folder, "keys.json");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, JSON.stringify(makeKeys()), { mode: 0o600 });
  }
  const kept = JSON.parse(readFileSync(path, "utf8"));
  return {
    JWT_PRIVATE_KEYS: process.env.JWT_PRIVATE_KEYS || kept.JWT_PRIVATE_KEYS,
    SLUICE_SECRET: process.env.SLUICE_SECRET || kept.SLUICE_SECRET,
  };
}
