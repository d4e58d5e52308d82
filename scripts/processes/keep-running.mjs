import { once } from "node:events";
import { watchOver } from "./guard.mjs";

const START_MS = 90_000;
const STOP_MS = 10_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * @typedef {import("node:child_process").ChildProcess} ChildProcess
 * @typedef {{ role: string, index: number, pid: number, url: string | null }} Running
 * @typedef {object} Service
 * @property {string} role
 * @property {number} index
 * @property {() => ChildProcess} spawn starts it as the leader of a process group of its own
 * @property {(child: ChildProcess) => Promise<string | null>} ready its address once it takes work
 * @typedef {object} Watch
 * @property {(pid: number) => void} [onSpawn]
 * @property {(running: Running) => void} [onReady]
 * @property {(service: Service, end: string) => void} [onDeath]
 */

/** @param {ChildProcess} child */
function hasEnded(child) {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** @param {ChildProcess} child */
async function end(child) {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(timer);
}

/** @param {ChildProcess} child @returns {Promise<string>} how it ended */
async function untilEnd(child) {
  if (child.pid === undefined) {
    const [error] = await once(child, "error");
    return error.message;
  }
  const [code, signal] = await once(child, "exit");
  return signal ?? `exit code ${code}`;
}

/** @param {Service} service @param {Watch} watch */
async function launch(service, watch) {
  const child = service.spawn();
  // Also where it can't be spawned at all: without a listener that event would be thrown.
  child.on("error", () => {});
  watchOver(child, { group: true });
  if (child.pid !== undefined) watch.onSpawn?.(child.pid);
  const ended = untilEnd(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const early = ended.then((how) => {
    throw new Error(`it ended with ${how} before it was ready`);
  });
  try {
    const url = await Promise.race([early, service.ready(child)]);
    const { role, index } = service;
    return { ended, running: { role, index, pid: child.pid ?? 0, url } };
  } catch (error) {
    await end(child);
    throw error;
  } finally {
    clearTimeout(timer);
    early.catch(() => {});
  }
}

/**
 * Starts a service and starts it again, at the same address, whenever it ends by itself.
 * @param {Service} service
 * @param {Watch} [watch] hears of every start and every death
 * @returns {{ started: Promise<Running>, stop: () => Promise<void> }} `started` fails when the
 *   first start does; `stop` resolves once the process is gone
 */
export function keepRunning(service, watch = {}) {
  let stopping = false;
  /** @type {Promise<unknown>} */
  let launching = Promise.resolve();
  /** @type {ChildProcess | undefined} */
  let current;

  const spawn = () => {
    if (stopping) throw new Error("it was stopped");
    current = service.spawn();
    return current;
  };
  const start = async () => {
    const { ended, running } = await launch({ ...service, spawn }, watch);
    watch.onReady?.(running);
    ended.then((how) => {
      if (stopping) return;
      watch.onDeath?.(service, how);
      if (!stopping) launching = startAgain();
    });
    return running;
  };
  const startAgain = async () => {
    for (let pauseMs = 0; !stopping; pauseMs = Math.min(pauseMs * 2 + 100, LONGEST_PAUSE_MS)) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const failure = await start().then(() => null, String);
      if (failure === null) return;
      if (!stopping) watch.onDeath?.(service, failure);
    }
  };
  const stop = async () => {
    stopping = true;
    if (current) await end(current);
    await launching.catch(() => {});
  };

  const started = start();
  launching = started;
  return { started, stop };
}
