import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { knownName } from "../../scripts/logs/search.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const known = new Set<string>();

/** What was secret in this process's tests so far: passwords, keys. */
export const knownSecrets = (): ReadonlySet<string> => known;

/** Takes down what a process prints, where the run's logs are searched for secrets at its end. */
export function keepLog(name: string): (text: string) => void {
  const folder = openFolder();
  return (text) => {
    if (folder) appendFileSync(join(folder, `${name}.log`), text);
  };
}

/** The same for the logs that stand in a folder. */
export function keepLogs(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((one) => one.endsWith(".log"))) {
    keepLog(basename(name, ".log"))(readFileSync(join(folder, name), "utf8"));
  }
}

/** Has the logs of this test file searched for these, too. */
export function keepSecrets(secrets: readonly string[]): void {
  const fresh = secrets.filter((secret) => !known.has(secret));
  if (fresh.length === 0) return;
  for (const secret of fresh) known.add(secret);
  const folder = openFolder();
  const lines = fresh.map((secret) => `${JSON.stringify(secret)}\n`).join("");
  if (folder) appendFileSync(join(folder, knownName), lines);
}

/** Null where nobody will search. */
function openFolder(): string | null {
  const { SLUICE_TEST_LOGS } = process.env;
  if (!SLUICE_TEST_LOGS) return null;
  const folder = join(SLUICE_TEST_LOGS, nameOfTest());
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** `test/flows/auth.test.ts` as a name; the program's where no test framework is at work. */
function nameOfTest(): string {
  const { testPath } = Object(globalThis).expect?.getState() ?? {};
  const path = testPath ? relative(root, testPath) : basename(process.argv[1] ?? "program");
  return path.replaceAll("/", ".");
}

/** What is secret among the settings of a process. */
export function secretsOf(env: Record<string, string>): string[] {
  const { JWT_PRIVATE_KEYS = "", SLUICE_SECRET = "", MONGODB_URI = "", REDIS_URL = "" } = env;
  const lines = JWT_PRIVATE_KEYS.split("\n").filter((line) => !line.startsWith("-----"));
  const addresses = [MONGODB_URI, REDIS_URL].map((uri) => /^\w+:\/\/[^@/]*:([^@/]+)@/.exec(uri));
  const passwords = addresses.map((found) => decodeURIComponent(found?.[1] ?? ""));
  return [...lines, SLUICE_SECRET, ...passwords].filter(Boolean);
}
