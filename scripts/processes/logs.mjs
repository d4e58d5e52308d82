import { mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ role: string, index: number }} Member */

/** Where a process's output goes: `<folder>/logs/<role>-<index>.log`. @param {string} folder @param {Member} member */
export function logPath(folder, { role, index }) {
  return join(folder, "logs", `${role}-${index}.log`);
}

/** Opens an empty log, a file descriptor; a restarted process goes on in it. @param {string} folder @param {Member} member */
export function openLog(folder, member) {
  const path = logPath(folder, member);
  mkdirSync(join(folder, "logs"), { recursive: true });
  rmSync(path, { force: true });
  return openSync(path, "a");
}
