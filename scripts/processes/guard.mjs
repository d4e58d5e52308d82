import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("guard-process.mjs", import.meta.url));

/** @type {ReturnType<typeof startGuard> | undefined} */
let guard;

function startGuard() {
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // The pipe must not keep this process alive either; a dead guard is no reason to stop.
  /** @type {import("node:net").Socket} */ (child.stdin).unref();
  child.stdin.on("error", () => {});
  return child;
}

/** @param {string} line */
function tell(line) {
  guard ??= startGuard();
  guard.stdin.write(`${line}\n`);
}

/**
 * Has a child ended when this process is gone, even by SIGKILL; forgets it once it has exited.
 * @param {import("node:child_process").ChildProcess} child
 * @param {{ group?: boolean }} [options] `group`: the child leads a process group, end all of it
 */
export function watchOver(child, { group = false } = {}) {
  if (child.pid === undefined) return;
  const target = group ? -child.pid : child.pid;
  tell(`+${target}`);
  child.once("exit", () => tell(`-${target}`));
}

/** Makes a folder that is removed when this process is gone, even by SIGKILL. @param {string} [parent] */
export function makeThrowAwayFolder(parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, "sluice-"));
  tell(`~${folder}`);
  return folder;
}

/** The guard's process id; starts it where nothing needed one before. */
export function guardPid() {
  guard ??= startGuard();
  return guard.pid ?? null;
}
