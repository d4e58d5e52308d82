import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../setup/project.mjs";
import { untilReady } from "./node-service.mjs";

/**
 * The TCP front of a cluster, in a process of its own.
 * @param {{ port: number, nodePorts: number[], output: number }} options `output`: a file descriptor
 * @returns {import("./keep-running.mjs").Service}
 */
export function frontService({ port, nodePorts, output }) {
  const entry = join(root, "scripts", "processes", "front-process.mjs");
  return {
    role: "front",
    index: 0,
    spawn: () =>
      spawn(process.execPath, [entry, `${port}`, ...nodePorts.map(String)], {
        detached: true,
        stdio: ["ignore", output, output, "ipc"],
      }),
    ready: untilReady,
  };
}
