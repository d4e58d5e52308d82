import { spawn } from "node:child_process";
import { watchOver } from "./guard.mjs";

/**
 * Runs a program to its end; never throws: a program that can't be started has code -1.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number, show?: boolean }} [options]
 *   `show`: its output goes to standard error instead of into the result
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` is both streams
 */
export function run(command, args, { env, cwd, timeoutMs, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: env ?? process.env,
      cwd,
      timeout: timeoutMs,
      stdio: show ? ["ignore", process.stderr, process.stderr] : ["ignore", "pipe", "pipe"],
    });
    watchOver(child);
    let stdout = "";
    let output = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.once("error", (error) => resolve({ code: -1, output: error.message, stdout }));
    child.once("close", (code) => resolve({ code: code ?? -1, output, stdout }));
  });
}

/** The last line of a program's output that says anything. @param {string} output */
export function lastLine(output) {
  return output.trim().split("\n").at(-1)?.trim() || "no output";
}
