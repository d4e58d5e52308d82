import { execFile } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Member } from "./rig.ts";

const run = promisify(execFile);
const failures = ["attempt_failed", "import_thread_failed"];

/**
 * Gives a process no byte more of address space than a little (RLIMIT_AS, Linux), and waits until it has
 * failed of that: ended, or told of an attempt or a thread that did.
 */
export async function starve({ name, process: { child, pid, output } }: Member, longestMs: number) {
  await run("prlimit", ["--pid", String(pid), "--as=1048576"]);
  const ended = once(child, "exit");
  const hasFailed = () => failures.some((event) => output().includes(`"event":"${event}"`));
  const told = new Promise((resolve) => {
    child.stdout?.on("data", () => {
      if (hasFailed()) resolve("told");
    });
  });
  const late = pause(longestMs, "late", { ref: false });
  if ((await Promise.race([ended, told, late])) === "late") {
    throw new Error(`${name} needed no more memory`);
  }
}
