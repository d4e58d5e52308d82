import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import mongoose from "mongoose";
import { watchOver } from "../../../scripts/processes/guard.mjs";
import { choosePort } from "../../../scripts/processes/ports.mjs";
import { eventually } from "../../flows/support/eventually.ts";
import { openProxy } from "./proxy.ts";

/** One mongod of a replica set. */
export async function startMember(program: string, folder: string, setName: string) {
  const port = await choosePort();
  const url = `mongodb://127.0.0.1:${port}`;
  const line = await openProxy(url);
  const network = ["--replSet", setName, "--bind_ip", "127.0.0.1", "--port", `${port}`];
  const storage = ["--dbpath", folder, "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "512"];
  // As in scripts/processes/mongo.mjs; the second one allows `holdBack`.
  const parameters = ["transactionLifetimeLimitSeconds=10", "enableTestCommands=1"];
  const set = parameters.flatMap((parameter) => ["--setParameter", parameter]);

  function spawnMongod(): ChildProcess {
    const args = [...network, ...storage, ...set, "--nounixsocket", "--quiet"];
    const child = spawn(program, args, { stdio: "ignore" });
    watchOver(child);
    return child;
  }

  let child = spawnMongod();
  // Straight to it: what the test itself asks takes part in no fault.
  const client = new mongoose.mongo.MongoClient(url, {
    directConnection: true,
    serverSelectionTimeoutMS: 2000,
  });
  const ask = (command: object) => client.db("admin").command({ ...command });

  async function state(): Promise<string> {
    const hello = await ask({ hello: 1 }).catch(() => null);
    if (!hello) return "down";
    if (hello.isWritablePrimary) return "primary";
    return hello.secondary ? "secondary" : "neither";
  }

  async function kill(): Promise<void> {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await gone;
    line.cut();
  }

  await eventually(state, (now) => now !== "down");
  return {
    /** as clients and the other members know it */
    host: `127.0.0.1:${line.port}`,
    line,
    ask,
    state,
    /** Ends it with whatever it still had to send. */
    kill,
    /** Starts it again with what is on its disk. */
    restart(): void {
      child = spawnMongod();
    },
    /** As a secondary it takes in nothing more, though it lives and votes (a fail point of MongoDB's own tests). */
    holdBack: (isHeld: boolean) =>
      ask({ configureFailPoint: "stopReplProducer", mode: isHeld ? "alwaysOn" : "off" }),
    /** Rows that this member itself holds, acknowledged by others or not. */
    countRows: (database: string, collection: string): Promise<number> =>
      client
        .db(database)
        .collection(collection, { readConcern: { level: "local" } })
        .countDocuments({}, { readPreference: "secondaryPreferred" }),
    async end(): Promise<void> {
      await kill();
      await client.close();
      await line[Symbol.asyncDispose]();
    },
  };
}

export type SetMember = Awaited<ReturnType<typeof startMember>>;
