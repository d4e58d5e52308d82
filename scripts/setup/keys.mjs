import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// A production start refuses what holds this: the file lies on a developer's machine.
const MARK = "sluice-development";

function makeKeys() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    JWT_PRIVATE_KEYS: `${MARK}\n${privateKey.export({ type: "pkcs8", format: "pem" })}`,
    SLUICE_SECRET: `${MARK}-${randomBytes(32).toString("base64url")}`,
  };
}

/** Who sets NODE_ENV=production for these very commands wants to see it, not to keep it. @param {string} value */
function unmark(value) {
  return process.env.NODE_ENV === "production"
    ? value.replace(/sluice-development[-\n]/, "")
    : value;
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
    JWT_PRIVATE_KEYS: process.env.JWT_PRIVATE_KEYS || unmark(kept.JWT_PRIVATE_KEYS),
    SLUICE_SECRET: process.env.SLUICE_SECRET || unmark(kept.SLUICE_SECRET),
  };
}
