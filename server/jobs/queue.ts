import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { within } from "../infrastructure/deadline.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { JobDocument } from "./job.model.ts";
import { isUnasked } from "./job.queries.ts";

/** What nobody asked for waits for itself alone, and holds up nothing else. */
export type QueueName = "jobs" | "profiles";

const longestWaitMs = 2000;

export type Ticket = { jobId: string };

/**
 * The queue carries tickets, MongoDB the jobs: a ticket that gets lost is issued again, one
 * that comes too late finds nothing to do.
 */
export function createQueue(deps: { connection: Redis; prefix: string; logger: Logger }) {
  const { connection, prefix, logger } = deps;
  const open = (name: QueueName) =>
    new Queue<Ticket>(name, { connection, prefix, skipVersionCheck: true }).on("error", (err) =>
      logger.debug({ err, event: "queue_error" }),
    );
  const [asked, unasked] = [open("jobs"), open("profiles")];

  /** Issues a job's ticket; false when Redis didn't take it within 2 s (the sweeper tries again). */
  async function issue(job: JobDocument, delayMs = 0): Promise<boolean> {
    const queue = isUnasked(job.kind) ? unasked : asked;
    const added = queue.add(
      job.kind,
      { jobId: job._id },
      { jobId: job.ticket, delay: delayMs, removeOnComplete: true, removeOnFail: true },
    );
    try {
      // `add` hangs for as long as Redis is away.
      await within(longestWaitMs, added);
      return true;
    } catch (err) {
      logger.warn({ err, event: "ticket_not_issued", job: job._id });
      return false;
    }
  }

  return { issue, close: () => Promise.all([asked.close(), unasked.close()]) };
}

export type JobQueue = ReturnType<typeof createQueue>;
