// Reads lines: "+<target>" ends it later (a negative target is a process group), "-<target>" no
// longer does, "~<folder>" removes that folder later. "Later" is when the pipe closes, however
// the process at its other end came to its own end.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const GRACE_MS = 3_000;
/** @type {Set<number>} */
const targets = new Set();
/** @type {Set<string>} */
const folders = new Set();

/** @param {number} target @param {NodeJS.Signals | 0} signal */
function reaches(target, signal) {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

async function endAll() {
  const deadline = Date.now() + GRACE_MS;
  let left = [...targets].filter((target) => reaches(target, "SIGTERM"));
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = left.filter((target) => reaches(target, 0));
  }
  for (const target of left) reaches(target, "SIGKILL");
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {});
}

for await (const line of createInterface({ input: process.stdin })) {
  const rest = line.slice(1);
  if (line.startsWith("+")) targets.add(Number(rest));
  else if (line.startsWith("-")) targets.delete(Number(rest));
  else folders.add(rest);
}
await endAll();
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
