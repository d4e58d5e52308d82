import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { lastLine, run } from "../processes/run.mjs";
import { findOnPath } from "./programs.mjs";
import { say } from "./say.mjs";

// Debian asks this file before starting a service: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
const policyFile = "/usr/sbin/policy-rc.d";
const policy = "#!/bin/sh\n# sluice: written for the length of one apt-get install\nexit 101\n";

/** @template T @param {() => Promise<T>} action @returns {Promise<T>} */
async function withoutServiceStart(action) {
  // Ours may be left over from an installation that was killed.
  const ours = !existsSync(policyFile) || readFileSync(policyFile, "utf8") === policy;
  if (ours) writeFileSync(policyFile, policy, { mode: 0o755 });
  try {
    return await action();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}

/** @param {string} name */
async function aptInstall(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = () =>
    run("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], { env });
  const first = await withoutServiceStart(install);
  if (first.code === 0) return null;
  say("refreshing the list of packages (apt-get update)…");
  await run("apt-get", ["update", "-q"], { env });
  const second = await withoutServiceStart(install);
  return second.code === 0 ? null : lastLine(second.output);
}

/**
 * Installs a package with apt (as root) or Homebrew.
 * @param {{ apt: string, brew: string | null }} names of the package in either
 * @returns {Promise<string | null>} why it could not be installed, null on success
 */
export async function installPackage({ apt, brew }) {
  if (brew !== null && findOnPath("brew")) {
    say(`installing ${brew} (brew install)…`);
    const { code, output } = await run("brew", ["install", brew]);
    return code === 0 ? null : `brew install ${brew}: ${lastLine(output)}`;
  }
  if (!findOnPath("apt-get")) return "no apt-get and no brew on this machine";
  if (process.getuid?.() !== 0) return `apt-get install ${apt}: only root may, and you are not`;
  say(`installing ${apt} (apt-get install)…`);
  const failure = await aptInstall(apt);
  return failure === null ? null : `apt-get install ${apt}: ${failure}`;
}
