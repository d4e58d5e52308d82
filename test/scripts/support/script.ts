import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { watchOver } from "../../../scripts/processes/guard.mjs";
import { keepLog, keepLogs } from "../../support/logs.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Line {
  role?: string;
  index?: number;
  pid?: number;
  url?: string | null;
  ready?: boolean;
}

/** Runs `scripts/<name>.mjs`; what it prints on standard output must be JSON lines. */
export function startScript(name: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [`scripts/${name}.mjs`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A test that ran out of time disposes of nothing.
  watchOver(child);
  const lines: Line[] = [];
  const printed = new EventEmitter();
  let errors = "";
  const keep = keepLog(`${name} ${child.pid}`);
  child.stderr.on("data", (chunk) => {
    errors += chunk;
    keep(String(chunk));
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    keep(`${text}\n`);
    lines.push(JSON.parse(text));
    printed.emit("line");
  });
  const exit = once(child, "exit");
  exit.then(() => printed.emit("line"));

  /** The first line that fits, printed already or still to come. */
  const line = async (fits: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const found = lines.find(fits);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`it ended without that line: ${errors}`);
      await once(printed, "line");
    }
  };

  return {
    pid: child.pid ?? 0,
    lines,
    line,
    ready: () => line(({ ready }) => ready === true),
    errors: () => errors,
    /** Sends a signal and waits for the end; gives the exit code. */
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal);
      await exit;
      return child.exitCode;
    },
    async exitCode(): Promise<number | null> {
      await exit;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exit;
      const { data } = parseArgs({
        args,
        options: { data: { type: "string" } },
        strict: false,
      }).values;
      if (typeof data === "string") keepLogs(join(data, "logs"));
    },
  };
}
