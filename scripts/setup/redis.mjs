import { existsSync } from "node:fs";
import { run } from "../processes/run.mjs";
import { findOnPath, majorOf, readVersion } from "./programs.mjs";
import { SetupError } from "./say.mjs";
import { installPackage } from "./system-packages.mjs";

const OLDEST = 7;

/** @param {string[]} tried gets a line when the one found will not do */
async function onPath(tried) {
  const program = findOnPath("redis-server");
  if (program === null) {
    tried.push("redis-server on the PATH: there is none");
    return null;
  }
  const version = await readVersion(program, /v=(\d+\.\d+\.\d+)/);
  if (majorOf(version) >= OLDEST) return program;
  tried.push(`${program}: version ${version ?? "unknown"}, ${OLDEST} or newer is needed`);
  return null;
}

async function installServer() {
  const failure = await installPackage({ apt: "redis-server", brew: "redis" });
  // The package also enables a service of its own; nothing here asked for one.
  if (failure === null && existsSync("/run/systemd/system")) {
    await run("systemctl", ["disable", "--now", "redis-server"]);
  }
  return failure;
}

/**
 * Finds a redis-server of version 7 or newer, or installs one.
 * @returns {Promise<string>} its absolute path
 */
export async function findRedis() {
  /** @type {string[]} */
  const tried = [];
  const found = await onPath(tried);
  if (found !== null) return found;

  const failure = await installServer();
  if (failure !== null) tried.push(failure);
  const installed = failure === null ? await onPath(tried) : null;
  if (installed !== null) return installed;
  throw new SetupError(
    `No Redis ${OLDEST} or newer. Install redis-server, or set REDIS_URL to a running one. Tried:`,
    tried,
  );
}
