import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "../../scripts/processes/node-arguments.mjs";
import { keepLog, keepSecrets, secretsOf } from "./logs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Process = {
  child: ChildProcess;
  pid: number;
  /** null for a worker */
  url: string | null;
  /** everything the process has printed so far */
  output: () => string;
  kill: (signal?: NodeJS.Signals) => Promise<void>;
};

/** Starts one process of the server, of this project or a copy, and waits until it says that it is ready. */
export async function startProcess(
  entry: "api" | "worker",
  env: Record<string, string>,
  folder = root,
): Promise<Process> {
  const child = spawn(process.execPath, nodeArguments(entry), {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  keepSecrets(secretsOf(env));
  const keep = keepLog(`${env.NODE_NAME ?? entry} ${child.pid}`);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      keep(text);
    });
  }
  const exited = once(child, "exit");
  const ready = once(child, "message").then(([message]) => message as { url: string | null });
  const early = exited.then(() => {
    throw new Error(`${entry} didn't start:\n${output}`);
  });
  early.catch(() => {});
  const { url } = await Promise.race([ready, early]);
  return {
    child,
    pid: child.pid ?? 0,
    url,
    output: () => output,
    async kill(signal = "SIGKILL") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
