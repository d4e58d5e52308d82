import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../processes/run.mjs";
import { root } from "./project.mjs";
import { SetupError, say } from "./say.mjs";

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean }>} */
function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** Compares versions, not file times: git sets those anew at every checkout. */
function isInstalled() {
  // npm's own list of what it has put there, written last.
  const installedList = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const installed = readPackages(installedList);
  return Object.entries(readPackages(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      path === "" || optional || installed[path]?.version === version,
  );
}

/** Installs what the lock file names where node_modules lacks it or holds other versions. */
export async function installDependencies() {
  if (isInstalled()) return;
  say("installing the dependencies (npm ci)…");
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm ? [process.execPath, npm] : ["npm"];
  // Development's tools are needed whatever NODE_ENV says.
  const args = [...before, "ci", "--include=dev", "--no-audit", "--no-fund"];
  const { code, output } = await run(command, args, { cwd: root });
  if (code === 0) return;
  const end = output.trim().split("\n").slice(-8);
  throw new SetupError("The dependencies could not be installed (npm ci). It said:", end);
}
