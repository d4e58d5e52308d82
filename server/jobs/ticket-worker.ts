import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import { within } from "../infrastructure/deadline.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { StopReason } from "./failures.ts";
import { queueName, type Ticket } from "./queue.ts";

const lockMs = 10_000;
const stalledCheckMs = 5_000;
/** What isn't handed back by then, since a store is away, is found by its lock running out. */
const handBackMs = 15_000;

type Deps = {
  connection: Redis;
  prefix: string;
  concurrency: number;
  run: (jobId: string, stop: AbortController) => Promise<void>;
  logger: Logger;
};

/** Takes tickets from the queue; BullMQ's own budget of stalls is off, since jobs have one. */
export function createTicketWorker({ connection, prefix, concurrency, run, logger }: Deps) {
  const running = new Map<string, { jobId: string; stop: AbortController; renewedAt: number }>();
  let isClosing = false;

  const worker = new Worker<Ticket>(
    queueName,
    async (ticket) => {
      const ticketId = String(ticket.id);
      const stop = new AbortController();
      running.set(ticketId, { jobId: ticket.data.jobId, stop, renewedAt: Date.now() });
      // Was on its way when the worker began to close.
      if (isClosing) stop.abort("shutdown" satisfies StopReason);
      try {
        await run(ticket.data.jobId, stop);
      } finally {
        running.delete(ticketId);
      }
    },
    {
      connection,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      skipVersionCheck: true,
    },
  );

  const stopAll = (ticketIds: Iterable<string>, reason: StopReason) => {
    for (const id of ticketIds) running.get(id)?.stop.abort(reason);
  };
  // BullMQ doesn't stop a processor whose lock is lost.
  worker.on("lockRenewalFailed", (ids) => stopAll(ids, "lock_lost"));
  worker.on("locksRenewed", ({ jobIds }) => {
    for (const id of jobIds) {
      const ticket = running.get(id);
      if (ticket) ticket.renewedAt = Date.now();
    }
  });
  worker.on("error", (err) => logger.debug({ err, event: "worker_error" }));
  const deadline = setInterval(() => {
    const latest = Date.now() - lockMs;
    const overdue = [...running].filter(([, { renewedAt }]) => renewedAt < latest);
    stopAll(
      overdue.map(([id]) => id),
      "lock_lost",
    );
  }, 1000);

  return {
    cancel(jobId: string) {
      for (const ticket of running.values()) {
        if (ticket.jobId === jobId) ticket.stop.abort("cancel" satisfies StopReason);
      }
    },

    /** Takes no more tickets, hands back what is running, and waits for that: 15 s at most. */
    async close() {
      isClosing = true;
      const closed = worker.close();
      stopAll(running.keys(), "shutdown");
      await within(handBackMs, closed).catch((err: unknown) =>
        logger.warn({ err, event: "not_handed_back", jobs: running.size }),
      );
      clearInterval(deadline);
    },
  };
}
