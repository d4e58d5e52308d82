import { Worker } from "node:worker_threads";
import type { Logger } from "../../infrastructure/logger.ts";
import {
  type FromThread,
  type Result,
  type ResultOf,
  type Task,
  type Told,
  type ToThread,
  toError,
} from "./messages.ts";

/** A thread that doesn't end a task within that is ended itself, and all its tasks with it. */
const longestToStopMs = 30_000;

/**
 * A tenth of the old generation is needed. The smaller both bounds, the less garbage V8 lets stand between two
 * collections: with those of Node, 4 GB and 48 MB here, an export that goes on takes 40 MB more.
 */
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 12 };

type Running = {
  hear: (told: Told) => Promise<void>;
  end: (result: Result) => void;
  fail: (err: unknown) => void;
};

/** Hands tasks to the thread that parses and writes. One that has ended is started again. */
export function createImporter(logger: Pick<Logger, "error">, entry: URL) {
  const running = new Map<number, Running>();
  let count = 0;
  let isClosing = false;
  let thread: Worker | null = start();

  function start(): Worker {
    const started = new Worker(entry, { env: process.env, resourceLimits });
    let cause: unknown;
    started.on("message", receive);
    started.on("error", (err) => {
      cause = err;
      logger.error({ err, event: "import_thread_failed" });
    });
    started.on("exit", () => {
      if (isClosing) return;
      thread = null;
      const ended = new Error("The thread of imports has ended.", { cause });
      for (const { fail } of running.values()) fail(ended);
    });
    return started;
  }

  function receive(message: FromThread): void {
    const one = running.get(message.id);
    if (!one) return;
    if (message.say === "told") one.hear(message.told);
    else if (message.say === "done") one.end(message.result);
    else one.fail(toError(message.failure));
  }

  /**
   * Does a task; `onTold` hears how far it has come, again once it has resolved. Once `onTold` throws or
   * `signal` fires the task is stopped: it ends when nothing of it is on its way any more.
   */
  async function run<One extends Task>(
    task: One,
    signal: AbortSignal,
    onTold: (told: Told) => Promise<void>,
  ): Promise<ResultOf<One>> {
    count += 1;
    const id = count;
    thread ??= start();
    const of = thread;
    const say = (message: ToThread) => of.postMessage(message);
    let overdue: NodeJS.Timeout | undefined;
    const stop = () => {
      say({ id, say: "stop" });
      overdue ??= setTimeout(() => of.terminate(), longestToStopMs);
    };
    const { promise, resolve, reject } = withResolvers<Result>();
    let failure: { err: unknown } | null = null;
    running.set(id, {
      async hear(told) {
        try {
          await onTold(told);
        } catch (err) {
          failure ??= { err };
          stop();
        }
        say({ id, say: "heard" });
      },
      // It may have come to its end before it heard that what it told wasn't kept.
      end: (result) => (failure ? reject(failure.err) : resolve(result)),
      fail: (err) => reject(failure ? failure.err : err),
    });
    signal.addEventListener("abort", stop);
    try {
      say({ id, say: "begin", task });
      if (signal.aborted) stop();
      const result = await promise;
      // A cancel may have come with the answer to what it told last; whoever was overtaken meets the fence.
      if (signal.reason === "cancel") signal.throwIfAborted();
      // What it comes to goes by its kind.
      return result as ResultOf<One>;
    } finally {
      signal.removeEventListener("abort", stop);
      clearTimeout(overdue);
      running.delete(id);
    }
  }

  return {
    run,
    async close(): Promise<void> {
      isClosing = true;
      await thread?.terminate();
    },
  };
}

export type Importer = ReturnType<typeof createImporter>;

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (err: unknown) => void = () => {};
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
