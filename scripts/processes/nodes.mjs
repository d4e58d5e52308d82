import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "../setup/say.mjs";
import { keepRunning } from "./keep-running.mjs";
import { logPath, openLog } from "./logs.mjs";
import { nodeEnvironment, nodeService } from "./node-service.mjs";

/**
 * @typedef {import("./keep-running.mjs").Service} Service
 * @typedef {object} Nodes
 * @property {number} api how many, on consecutive ports
 * @property {number} workers
 * @property {number} port the first one's
 * @property {NodeJS.ProcessEnv} env addresses, key and secret
 * @property {string} [folder] where their logs go; without it they share this terminal
 * @property {import("./keep-running.mjs").Watch} [watch]
 */

/** @param {Nodes} nodes @returns {Service[]} */
function describe({ api, workers, port, env, folder }) {
  const shared = nodeEnvironment(env);
  const make = (/** @type {"api" | "worker"} */ role, /** @type {number} */ index) =>
    nodeService({
      role,
      index,
      env: role === "api" ? { ...shared, PORT: `${port + index}` } : shared,
      output: folder === undefined ? "inherit" : openLog(folder, { role, index }),
    });
  return [
    ...Array.from({ length: api }, (_, index) => make("api", index)),
    ...Array.from({ length: workers }, (_, index) => make("worker", index)),
  ];
}

/** @param {Service} service @param {Error} error @param {string | undefined} folder */
function couldNotStart(service, error, folder) {
  const where = folder === undefined ? "See above." : `Its log: ${logPath(folder, service)}`;
  return new SetupError(
    `${service.role} ${service.index} did not start: ${error.message}. ${where}`,
  );
}

/**
 * Starts api nodes and workers and keeps them running.
 * @param {Nodes} nodes
 * @returns {{ started: Promise<import("./keep-running.mjs").Running[]>, stop: () => Promise<void> }}
 *   `started` resolves once all take work; `stop` ends all of them at the same time
 */
export function startNodes(nodes) {
  const kept = describe(nodes).map((service) => ({
    service,
    ...keepRunning(service, nodes.watch),
  }));
  return {
    started: Promise.all(
      kept.map(({ service, started }) =>
        started.catch((error) => {
          throw couldNotStart(service, error, nodes.folder);
        }),
      ),
    ),
    stop: async () => {
      await Promise.all(kept.map(({ stop }) => stop()));
      // Their last words reach the terminal before the script's own end.
      if (nodes.folder === undefined) await sleep(50);
    },
  };
}
