// `npm test -- [jest's arguments]`: the tests against a throw-away MongoDB and Redis.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeSearch, searchLogs } from "./logs/search.mjs";
import { makeThrowAwayFolder, watchOver } from "./processes/guard.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { findChromium } from "./setup/chromium.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { findNginx } from "./setup/nginx.mjs";
import { buildPage } from "./setup/page.mjs";
import { root } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";
import { buildServer } from "./setup/server.mjs";

const args = process.argv.slice(2);

/** A run that names test files, none of this folder, doesn't need what only they need. @param {string} folder */
function runs(folder) {
  const named = args.filter((argument) => argument.startsWith("test/"));
  return named.length === 0 || named.some((path) => path.includes(folder));
}

/** @param {NodeJS.ProcessEnv} env */
function startJest(env) {
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  // After the arguments: the option takes every path that follows it.
  const reporters = ["--reporters=default", `--reporters=${join(root, "scripts/test-counts.mjs")}`];
  const nodeOptions = [process.env.NODE_OPTIONS, "--experimental-vm-modules"];
  return spawn(process.execPath, [jest, ...args, ...reporters], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      NODE_OPTIONS: [...nodeOptions, "--disable-warning=ExperimentalWarning"].join(" ").trim(),
    },
    stdio: "inherit",
  });
}

/** @param {string} path @returns {boolean} false when a run went through without a test in it */
function reportCounts(path) {
  if (!existsSync(path)) return true;
  const { passed, failed, skipped } = JSON.parse(readFileSync(path, "utf8"));
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return passed + failed > 0;
}

/** @param {string} folder @returns {boolean} false when the processes of a run have printed a secret, or none was heard */
function searchForSecrets(folder) {
  const result = searchLogs(folder);
  const isWhole = args.length === 0;
  if (result.logs > 0 || isWhole) console.log(describeSearch(result));
  return result.findings.length === 0 && (result.logs > 0 || !isWhole);
}

/** What the promises' runs of this test run came to. @param {NodeJS.ProcessEnv} env */
async function printTable(env) {
  if (!existsSync(env.SLUICE_RUNS ?? "")) return;
  const program = ["--import", "tsx", "test/faults/table.ts"];
  const table = spawn(process.execPath, program, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  watchOver(table);
  await once(table, "exit");
}

await runScript(
  async ({ onStop, finish }) => {
    await installDependencies();
    buildServer();
    const folder = makeThrowAwayFolder();
    const servers = await startServers({ folder, onStop });
    const logs = process.env.SLUICE_TEST_LOGS ?? join(folder, "test-logs");
    /** @type {NodeJS.ProcessEnv} */
    const env = {
      ...servers,
      SLUICE_TEST_COUNTS: join(folder, "counts.json"),
      SLUICE_RUNS: join(folder, "runs.ndjson"),
      SLUICE_TEST_LOGS: logs,
    };
    if (runs("browser")) env.CHROMIUM_PATH = await findChromium();
    if (runs("deploy")) env.NGINX_PATH = await findNginx();
    if (runs("browser") || runs("deploy")) await buildPage();
    const jest = startJest(env);
    watchOver(jest);
    const ended = once(jest, "exit");
    onStop(async () => {
      jest.kill("SIGTERM");
      await ended;
    });
    const [code] = await ended;
    await printTable(env);
    const tested = reportCounts(join(folder, "counts.json"));
    if (!tested) say("no test was run");
    const isClean = searchForSecrets(logs);
    if (!isClean) say("the logs of the tests hold secrets, or there are none");
    await finish(tested && isClean ? (code ?? 1) : 1);
  },
  { interruptedCode: 130 },
);
