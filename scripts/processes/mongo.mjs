import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { accepts } from "./ports.mjs";
import { until } from "./until.mjs";

/** @typedef {import("mongodb").Db} Db */

// https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
const NOT_YET_INITIALIZED = 94;

/** The stored configuration, or null before the first one. @param {Db} admin */
async function readConfig(admin) {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config;
  } catch (error) {
    if (/** @type {{ code?: number }} */ (error).code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}

/**
 * One step towards a writable primary; true once it is one.
 * @param {Db} admin
 * @param {string} host this member's address now: the port may differ from the last run's
 */
async function approachPrimary(admin, host) {
  const hello = await admin.command({ hello: 1 });
  if (hello.isWritablePrimary && hello.me === host) return true;
  const config = await readConfig(admin);
  if (config === null) {
    await admin.command({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host }] } });
    return false;
  }
  if (config.members[0].host === host) return false;
  const moved = { ...config, version: config.version + 1, members: [{ _id: 0, host }] };
  await admin.command({ replSetReconfig: moved, force: true });
  return false;
}

/** @param {number} port @param {import("node:child_process").ChildProcess} child */
async function becomePrimary(port, child) {
  await until(async () => (await accepts(port)) || null, { child });
  // Loaded here because it may have been installed only a moment ago.
  const { default: mongoose } = await import("mongoose");
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}`, {
    directConnection: true,
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    const step = () => approachPrimary(client.db("admin"), `127.0.0.1:${port}`);
    await until(
      () =>
        step()
          .then((done) => done || null)
          .catch(() => null),
      { child },
    );
  } finally {
    await client.close();
  }
}

/**
 * A MongoDB replica set of one member on 127.0.0.1; its address names the database `sluice`.
 * @param {{ program: string, folder: string, port: number, log: number }} options `log` is a file
 *   descriptor
 * @returns {import("./keep-running.mjs").Service}
 */
export function mongoService({ program, folder, port, log }) {
  mkdirSync(folder, { recursive: true });
  const network = ["--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", `${port}`];
  const storage = ["--dbpath", folder, "--wiredTigerCacheSizeGB", "1", "--oplogSize", "1024"];
  // A transaction of a process that was killed holds its documents until then; the default is 60.
  const transactions = ["--setParameter", "transactionLifetimeLimitSeconds=10"];
  const args = [...network, ...storage, ...transactions, "--nounixsocket", "--quiet"];
  return {
    role: "mongo",
    index: 0,
    spawn: () => spawn(program, args, { detached: true, stdio: ["ignore", log, log] }),
    ready: async (child) => {
      await becomePrimary(port, child);
      return `mongodb://127.0.0.1:${port}/sluice?replicaSet=rs0`;
    },
  };
}
