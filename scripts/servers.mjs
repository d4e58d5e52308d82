// A throw-away MongoDB and Redis in the foreground, for running single tests or the server by hand.
import { makeThrowAwayFolder } from "./processes/guard.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { installDependencies } from "./setup/dependencies.mjs";

await runScript(async ({ onStop }) => {
  await installDependencies();
  const urls = await startServers({ folder: makeThrowAwayFolder(), onStop });
  console.log(`MONGODB_URI='${urls.MONGODB_URI}' REDIS_URL='${urls.REDIS_URL}'`);
  // The servers are the only thing to wait for.
  setInterval(() => {}, 1 << 30);
});
