import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { watchOver } from "../../scripts/processes/guard.mjs";
import { measure } from "../measure.ts";
import type { Rig } from "../rig.ts";
import type { Run } from "../runs.ts";

const program = fileURLToPath(new URL("tutorial-worker.ts", import.meta.url));
const queueName = "tutorial";

/** Starts the tutorial's worker, a process of its own on the stores of this rig. */
export async function startTutorial({ cluster, pids }: Rig) {
  const { settings, mongo } = cluster;
  const env = { ...process.env, ...settings, QUEUE: queueName };
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  watchOver(child);
  const exited = once(child, "exit");
  await Promise.race([once(child, "message"), exited.then(refuse)]);
  const tutorial = child.pid ?? 0;
  const connection = new Redis(settings.REDIS_URL, { maxRetriesPerRequest: null });
  const queue = new Queue(queueName, { connection, prefix: settings.REDIS_PREFIX });
  const events = new QueueEvents(queueName, { connection, prefix: settings.REDIS_PREFIX });
  await events.waitUntilReady();

  return {
    /** Measured from the moment the worker takes the job to its end; the rows are dropped after. */
    async run(path: string, rows: number): Promise<Run> {
      let seconds = 0;
      const usage = await measure({ tutorial, mongod: pids.mongod }, async () => {
        const added = await queue.add("import", { path });
        await added.waitUntilFinished(events);
        const job = await queue.getJob(added.id ?? "");
        const { processedOn = 0, finishedOn = 0 } = job ?? {};
        seconds = (finishedOn - processedOn) / 1000;
      });
      const stored = await mongo.db?.collection("rival").countDocuments();
      if (stored !== rows) throw new Error(`${stored} rows of ${rows} are there`);
      await mongo.db?.dropCollection("rival");
      return { ...usage, wall: seconds, rows };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
      await events.close();
      await queue.close();
      connection.disconnect();
    },
  };
}

function refuse(): never {
  throw new Error("the tutorial's worker didn't start");
}
