// `npm run bench -- [--only NAME] [--pairs N] [--json]`: ratios, measured on a throw-away MongoDB and Redis.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { makeThrowAwayFolder, watchOver } from "./processes/guard.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { root } from "./setup/project.mjs";

await runScript(
  async ({ onStop, finish }) => {
    await installDependencies();
    const servers = await startServers({ folder: makeThrowAwayFolder(), onStop });
    const bench = spawn(
      process.execPath,
      ["--import", "tsx", "bench/main.ts", ...process.argv.slice(2)],
      { cwd: root, env: { ...process.env, ...servers }, stdio: "inherit" },
    );
    watchOver(bench);
    const ended = once(bench, "exit");
    onStop(async () => {
      bench.kill("SIGTERM");
      await ended;
    });
    const [code] = await ended;
    await finish(code ?? 1);
  },
  { interruptedCode: 130 },
);
