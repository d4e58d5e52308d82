import { spawn } from "node:child_process";
import { once } from "node:events";
import { installDependencies } from "../setup/dependencies.mjs";
import { root } from "../setup/project.mjs";
import { buildServer } from "../setup/server.mjs";
import { makeThrowAwayFolder, watchOver } from "./guard.mjs";
import { runScript } from "./script.mjs";
import { startServers } from "./servers.mjs";

/**
 * Runs a TypeScript program of this project with this script's arguments over a throw-away MongoDB and
 * Redis, and ends with its exit code.
 * @param {string} program a path from the project's folder
 * @param {{ hasServers?: boolean }} [options] false: it needs none
 */
export async function runOverServers(program, { hasServers = true } = {}) {
  await runScript(
    async ({ onStop, finish }) => {
      await installDependencies();
      buildServer();
      const servers = hasServers
        ? await startServers({ folder: makeThrowAwayFolder(), onStop })
        : {};
      const child = spawn(
        process.execPath,
        ["--import", "tsx", program, ...process.argv.slice(2)],
        { cwd: root, env: { ...process.env, ...servers }, stdio: "inherit" },
      );
      watchOver(child);
      const ended = once(child, "exit");
      onStop(async () => {
        child.kill("SIGTERM");
        await ended;
      });
      const [code] = await ended;
      await finish(code ?? 1);
    },
    { interruptedCode: 130 },
  );
}
