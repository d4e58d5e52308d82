import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../processes/run.mjs";

/** True for a file that this user may execute. @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first of these programs found on the PATH, as an absolute path, or null. @param {string[]} names */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

/**
 * The version that `program --version` names, or null where it doesn't start or names none.
 * @param {string} program
 * @param {RegExp} pattern its first group is the version
 */
export async function readVersion(program, pattern) {
  const { code, output } = await run(program, ["--version"], { timeoutMs: 10_000 });
  return code === 0 ? (pattern.exec(output)?.[1] ?? null) : null;
}

/** The major number of a version, 0 for null. @param {string | null} version */
export function majorOf(version) {
  return Number.parseInt(version ?? "0", 10);
}
