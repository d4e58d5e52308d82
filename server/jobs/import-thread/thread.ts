import { parentPort } from "node:worker_threads";
import { readConfig } from "../../config.ts";
import { createRawInsert } from "../../datasets/raw-insert.ts";
import { createRows } from "../../datasets/rows.ts";
import { createLogger } from "../../infrastructure/logger.ts";
import { connectMongo } from "../../infrastructure/mongo.ts";
import { createStorage } from "../../infrastructure/storage.ts";
import { type FromThread, type Task, type Told, type ToThread, toFailure } from "./messages.ts";
import { createWork } from "./work.ts";

/** A task in hand; `hear` lets it go on after what it told. */
type Running = { stop: AbortController; hear: () => void };

// The thread of a worker that parses and writes: its connection to MongoDB is its own, so that neither the
// bytes of a file nor those of its rows pass through the event loop that renews locks.
const port = parentPort;
if (!port) throw new Error("not started as a thread");
const config = readConfig(process.env);
const logger = createLogger({ ...config, level: config.logLevel, pretty: config.prettyLogs });
const ready = connect();
const running = new Map<number, Running>();
const say = (message: FromThread) => port.postMessage(message);

/** Waits for MongoDB as long as it takes: tasks wait, too, and can be stopped. */
async function connect(): Promise<ReturnType<typeof createWork>> {
  const connection = await connectMongo(config.mongoUri, logger).catch(() => null);
  if (!connection) return connect();
  return createWork({
    rows: createRows(connection, createRawInsert(connection, logger)),
    storage: createStorage(connection),
  });
}

const untilStopped = (signal: AbortSignal) =>
  new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });

async function begin(id: number, task: Task): Promise<void> {
  const one: Running = { stop: new AbortController(), hear: () => {} };
  running.set(id, one);
  const tell = (told: Told) =>
    new Promise<void>((resolve) => {
      one.hear = resolve;
      say({ id, say: "told", told });
    });
  try {
    const { signal } = one.stop;
    const work = await Promise.race([ready, untilStopped(signal)]);
    signal.throwIfAborted();
    if (!work) throw new Error("not connected");
    const result = await work(task, { signal, tell });
    say({ id, say: "done", result });
  } catch (err) {
    say({ id, say: "failed", failure: toFailure(err) });
  } finally {
    running.delete(id);
  }
}

port.on("message", (message: ToThread) => {
  if (message.say === "begin") begin(message.id, message.task);
  else if (message.say === "heard") running.get(message.id)?.hear();
  else running.get(message.id)?.stop.abort();
});
