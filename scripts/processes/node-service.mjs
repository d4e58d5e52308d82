import { spawn } from "node:child_process";
import { root } from "../setup/project.mjs";
import { nodeArguments } from "./node-arguments.mjs";

/**
 * An api node or a worker of Sluice; it says by itself when it takes work.
 * @param {object} options
 * @param {"api" | "worker"} options.role
 * @param {number} options.index
 * @param {NodeJS.ProcessEnv} options.env
 * @param {number | "inherit"} options.output a file descriptor, or this terminal
 * @returns {import("./keep-running.mjs").Service}
 */
export function nodeService({ role, index, env, output }) {
  return {
    role,
    index,
    // A group of its own: the terminal's Ctrl-C must not end MongoDB before those who write to it.
    spawn: () =>
      spawn(process.execPath, nodeArguments(role), {
        cwd: root,
        env: { ...process.env, ...env, NODE_NAME: `${role}-${index}` },
        detached: true,
        stdio: ["ignore", output, output, "ipc"],
      }),
    ready: untilReady,
  };
}

/**
 * Waits for a child that says by itself when it takes work, and where.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<string | null>}
 */
export function untilReady(child) {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      const { ready, url } = /** @type {{ ready?: boolean, url?: string }} */ (message);
      if (ready) resolve(url ?? null);
    });
  });
}

/** What every api node and worker of one set gets, beside its own port. @param {NodeJS.ProcessEnv} addresses */
export function nodeEnvironment(addresses) {
  const { HOST, NODE_ENV } = process.env;
  return {
    ...addresses,
    HOST: HOST || "127.0.0.1",
    NODE_ENV: NODE_ENV || "development",
  };
}
