import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** When a process was started, as the system words it; null where there is none. @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields after the name, which may itself hold spaces: state first, start time 20th (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie with other threads still holds its files and ports.
    const isGone = fields[0] === "Z" && Number(fields[17]) <= 1;
    return isGone ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === "linux") return null;
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", `${pid}`], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

/** @typedef {{ pid: number, start: string | null }} Identity */

/** Names a process so that a later one with the same pid isn't taken for it. @param {number} pid @returns {Identity} */
export function identify(pid) {
  return { pid, start: startOf(pid) };
}

/** True while that very process runs. @param {Identity} identity */
export function isAlive({ pid, start }) {
  return start !== null && startOf(pid) === start;
}
