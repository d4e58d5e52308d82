import { readFileSync } from "node:fs";

const EVERY_MS = 500;
const shells = new Set(["sh", "dash", "bash", "ash", "zsh"]);

/** A process's name and parent, or null where the system has no /proc. @param {number} pid */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, name = "", parent = ""] = /^\d+ \((.*)\) \S+ (\d+)/s.exec(stat) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** npm, or the shell between it and this process. @returns {string} changes when one of them is gone */
function lineage() {
  const parent = readProcess(process.ppid);
  const viaShell = parent !== null && shells.has(parent.name);
  return viaShell ? `${process.ppid} ${parent.parent}` : `${process.ppid}`;
}

/**
 * Tells once when the npm that started this script is gone: it can't pass on its own SIGKILL.
 * @param {() => void} act
 */
export function onNpmGone(act) {
  if (!process.env.npm_lifecycle_event) return;
  const before = lineage();
  const timer = setInterval(() => {
    if (lineage() === before) return;
    clearInterval(timer);
    act();
  }, EVERY_MS);
  timer.unref();
}
