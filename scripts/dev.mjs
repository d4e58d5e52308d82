// `npm run dev`: MongoDB, Redis, one api node and one worker on this machine, in the foreground.
import { takeLock } from "./processes/lock.mjs";
import { startNodes } from "./processes/nodes.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { readKeys } from "./setup/keys.mjs";
import { buildPage } from "./setup/page.mjs";
import { stateFolder } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";
import { buildServer } from "./setup/server.mjs";
import { readNumber, requireFree } from "./setup/settings.mjs";

const MOST_DEATHS = 5;
const WINDOW_MS = 60_000;

/** @param {(code: number) => Promise<never>} finish */
function createDeathWatch(finish) {
  /** @type {Record<string, number[]>} */
  const deaths = {};
  return (/** @type {{ role: string }} */ { role }, /** @type {string} */ end) => {
    const recent = (deaths[role] ?? []).filter((time) => time > Date.now() - WINDOW_MS);
    deaths[role] = [...recent, Date.now()];
    if (recent.length + 1 < MOST_DEATHS)
      return say(`the ${role} ended (${end}); starting it again`);
    say(`the ${role} ended ${MOST_DEATHS} times within a minute (${end}); giving up`);
    void finish(1);
  };
}

await runScript(async ({ onStop, finish }) => {
  const port = readNumber(process.env.PORT || "3000", { name: "PORT", min: 1, max: 65_535 });
  const url = `http://127.0.0.1:${port}`;
  const lock = await takeLock(stateFolder, { name: "npm run dev", url });
  onStop(lock.release);
  await requireFree(port, `PORT=${port + 1} npm run dev`);
  await installDependencies();
  buildServer();

  const watch = { onSpawn: lock.note, onDeath: createDeathWatch(finish) };
  const servers = { folder: stateFolder, onStop, watch };
  const [addresses] = await Promise.all([startServers(servers), buildPage()]);
  const env = { ...addresses, ...readKeys(stateFolder) };
  const nodes = startNodes({ api: 1, workers: 1, port, env, watch });
  onStop(nodes.stop);
  const [api] = await nodes.started;
  say(`ready: open ${api?.url ?? url} (Ctrl-C ends it)`);
});
