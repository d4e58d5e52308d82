// `npm run admin -- [--json] COMMAND`: looks into the stores of the environment, else into those of `npm run dev`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, stateFolder } from "./setup/project.mjs";
import { buildServer } from "./setup/server.mjs";

/** Where `npm run dev` has its own servers, if it ever ran. */
function findServers() {
  const path = join(stateFolder, "ports.json");
  if (!existsSync(path)) return {};
  const { mongo, redis } = JSON.parse(readFileSync(path, "utf8"));
  return {
    MONGODB_URI: `mongodb://127.0.0.1:${mongo}/sluice?replicaSet=rs0`,
    REDIS_URL: `redis://127.0.0.1:${redis}`,
  };
}

buildServer();
const args = ["--enable-source-maps", "build/admin.js", ...process.argv.slice(2)];
const child = spawn(process.execPath, args, {
  cwd: root,
  env: { ...findServers(), ...process.env },
  stdio: "inherit",
});
const [code] = await once(child, "exit");
process.exitCode = code ?? 1;
