import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import { within } from "../infrastructure/deadline.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { StopReason } from "./failures.ts";
import type { QueueName, Ticket } from "./queue.ts";

const lockMs = 10_000;
const stalledCheckMs = 5_000;
/** What isn't handed back by then, since a store is away, is found by its lock running out. */
const handBackMs = 15_000;

type Deps = {
  connection: Redis;
  prefix: string;
  queueName: QueueName;
  concurrency: number;
  run: (jobId: string, stop: AbortController) => Promise<void>;
  logger: Logger;
};

/** A ticket in hand, and the attempt that goes with it. */
type Running = { jobId: string; stop: AbortController; renewedAt: number; ended: Promise<void> };

/** Takes tickets from a queue; BullMQ's own budget of stalls is off, since jobs have one. */
export function createTicketWorker(deps: Deps) {
  const { connection, prefix, queueName, concurrency, run, logger } = deps;
  const running = new Map<string, Running>();
  let isClosing = false;

  /**
   * Redis lost the ticket and it was issued again. BullMQ renews one lock per id: of two attempts here
   * the end of the first would cost the second its lock, so the first goes on under the new one.
   */
  async function share(held: Running): Promise<void> {
    // One that is being stopped can't go on; the sweeper issues the ticket once more.
    if (held.stop.signal.aborted) return;
    held.renewedAt = Date.now();
    await held.ended;
  }

  const worker = new Worker<Ticket>(
    queueName,
    async (ticket) => {
      const ticketId = String(ticket.id);
      const held = running.get(ticketId);
      if (held) return share(held);
      const stop = new AbortController();
      // Was on its way when the worker began to close.
      if (isClosing) stop.abort("shutdown" satisfies StopReason);
      const { jobId } = ticket.data;
      const ended = run(jobId, stop).finally(() => running.delete(ticketId));
      running.set(ticketId, { jobId, stop, renewedAt: Date.now(), ended });
      await ended;
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
