import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findMongod } from "../setup/mongod.mjs";
import { findRedis } from "../setup/redis.mjs";
import { SetupError } from "../setup/say.mjs";
import { keepRunning } from "./keep-running.mjs";
import { logPath, openLog } from "./logs.mjs";
import { mongoService } from "./mongo.mjs";
import { choosePort } from "./ports.mjs";
import { redisService } from "./redis.mjs";

/** @param {string} folder keeps the ports between runs, so that addresses stay the same */
async function choosePorts(folder) {
  const path = join(folder, "ports.json");
  mkdirSync(folder, { recursive: true });
  const last = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const mongo = await choosePort(last.mongo);
  const redis = await choosePort(last.redis === mongo ? undefined : last.redis);
  writeFileSync(path, JSON.stringify({ mongo, redis }));
  return { mongo, redis };
}

/**
 * Starts the MongoDB and Redis that the environment doesn't give, both kept running until `stop`.
 * @param {object} options
 * @param {string} options.folder where data and logs go
 * @param {(stop: () => Promise<void>) => void} options.onStop is told how to stop each server
 * @param {import("./keep-running.mjs").Watch} [options.watch]
 * @returns {Promise<{ MONGODB_URI: string, REDIS_URL: string }>} addresses, given or own
 */
export async function startServers({ folder, onStop, watch = {} }) {
  const { MONGODB_URI, REDIS_URL } = process.env;
  const [mongod, redisServer] = await Promise.all([
    MONGODB_URI ? null : findMongod(),
    REDIS_URL ? null : findRedis(),
  ]);
  const ports = await choosePorts(folder);

  const start = async (/** @type {import("./keep-running.mjs").Service} */ service) => {
    const kept = keepRunning(service, watch);
    onStop(kept.stop);
    const running = await kept.started.catch((error) => {
      const log = logPath(folder, service);
      throw new SetupError(`${service.role} did not start: ${error.message}. Its log: ${log}`);
    });
    return running.url ?? "";
  };
  const open = (/** @type {"mongo" | "redis"} */ role, /** @type {string} */ program) => ({
    program,
    folder: join(folder, role),
    port: ports[role],
    log: openLog(folder, { role, index: 0 }),
  });
  const [mongoUrl, redisUrl] = await Promise.all([
    mongod ? start(mongoService(open("mongo", mongod))) : (MONGODB_URI ?? ""),
    redisServer ? start(redisService(open("redis", redisServer))) : (REDIS_URL ?? ""),
  ]);
  return { MONGODB_URI: mongoUrl, REDIS_URL: redisUrl };
}
