import { randomBytes } from "node:crypto";
import { ownStores, testKey } from "../support/cluster.ts";
import { startProcess } from "../support/processes.ts";
import type { Row } from "./kit/row.ts";

/** Starts a node for production; what it says, or "started". */
async function startForProduction(env: Record<string, string>): Promise<string> {
  const { mongoUri, redisUrl, prefix } = ownStores();
  const stores = { MONGODB_URI: mongoUri, REDIS_URL: redisUrl, REDIS_PREFIX: prefix };
  const settings = { NODE_ENV: "production", HOST: "127.0.0.1", PORT: "0", ...stores, ...env };
  try {
    const { kill } = await startProcess("api", settings);
    await kill();
    return "started";
  } catch (error) {
    return (error as Error).message;
  }
}

const good = { JWT_PRIVATE_KEYS: testKey, SLUICE_SECRET: randomBytes(32).toString("base64url") };

export const starting: Row[] = [
  {
    id: "A38",
    input: "production without keys; with a secret of 31 bytes; with the development one",
    expected: [
      "JWT_PRIVATE_KEYS: is missing",
      "SLUICE_SECRET: needs 32 bytes or more",
      "SLUICE_SECRET: was made for development",
    ],
    needs: "a start of the server",
    isSlow: true,
    async act() {
      const secret = { SLUICE_SECRET: good.SLUICE_SECRET };
      const said = await Promise.all([
        startForProduction({ ...secret }),
        startForProduction({ ...good, SLUICE_SECRET: "x".repeat(31) }),
        startForProduction({ ...good, SLUICE_SECRET: `sluice-development ${"x".repeat(32)}` }),
      ]);
      return said.map((text) => /^ {2}([A-Z_]+: .+)$/m.exec(text)?.[1] ?? text.slice(0, 200));
    },
  },
];
