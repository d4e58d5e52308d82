// `npm run cluster`: the real topology as processes on this machine, told as JSON lines.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { frontService } from "./processes/front-service.mjs";
import { keepRunning } from "./processes/keep-running.mjs";
import { takeLock } from "./processes/lock.mjs";
import { openLog } from "./processes/logs.mjs";
import { startNodes } from "./processes/nodes.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { readClusterArguments, usage } from "./setup/cluster-arguments.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { readKeys } from "./setup/keys.mjs";
import { buildPage } from "./setup/page.mjs";
import { say } from "./setup/say.mjs";
import { buildServer } from "./setup/server.mjs";
import { requireFree } from "./setup/settings.mjs";

/** @param {unknown} line */
function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** @param {{ role: string, index: number }} service @param {string} end */
function reportDeath({ role, index }, end) {
  say(`${role} ${index} ended (${end}); starting it again`);
}

/** @param {string} folder */
function empty(folder) {
  const held = readdirSync(folder).filter((name) => name !== "lock.json");
  for (const name of held) rmSync(join(folder, name), { recursive: true });
}

/** @param {number} first @param {number} count */
async function requireFreePorts(first, count) {
  for (let port = first; port < first + count; port += 1) {
    await requireFree(port, `npm run cluster -- --port ${first + 100}`);
  }
}

await runScript(async ({ onStop, finish }) => {
  const wanted = await readClusterArguments();
  if (wanted === null) {
    console.error(usage);
    return void (await finish(0));
  }
  const { api, workers, port, front, folder, fresh } = wanted;
  const url = `http://127.0.0.1:${port}`;
  const lock = await takeLock(folder, { name: "npm run cluster", url });
  onStop(lock.release);
  await requireFreePorts(port, api);
  if (front !== null) await requireFree(front, `npm run cluster -- --front ${front + 1}`);
  if (fresh) empty(folder);
  await installDependencies();
  buildServer();

  say(`logs are in ${join(folder, "logs")}`);
  const watch = { onSpawn: lock.note, onReady: print, onDeath: reportDeath };
  const servers = startServers({ folder, onStop, watch });
  const [addresses] = await Promise.all([servers, api > 0 && buildPage()]);
  const env = { ...addresses, ...readKeys(folder) };
  const nodes = startNodes({ api, workers, port, env, folder, watch });
  onStop(nodes.stop);
  await nodes.started;
  if (front !== null) {
    const nodePorts = Array.from({ length: api }, (_, index) => port + index);
    const output = openLog(folder, { role: "front", index: 0 });
    const kept = keepRunning(frontService({ port: front, nodePorts, output }), watch);
    onStop(kept.stop);
    await kept.started;
  }
  print({ ready: true });
  // With given servers and no process of its own, nothing else would keep it here.
  setInterval(() => {}, 1 << 30);
});
