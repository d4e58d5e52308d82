import type { Publish } from "../infrastructure/channel.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { JobDocument } from "./job.model.ts";
import { announceState, eventTypeOf } from "./job-view.ts";
import type { JobQueue } from "./queue.ts";

type Deps = {
  queue: JobQueue;
  publish: Publish;
  hintCancel: (jobId: string) => Promise<void>;
  logger: Logger;
};

/**
 * Tells Redis what MongoDB has decided. None of it fails the caller: while Redis is away the sweeper
 * makes up for tickets and final events.
 */
export function createDispatch({ queue, publish, hintCancel, logger }: Deps) {
  async function announce(job: JobDocument): Promise<void> {
    await announceState(publish, job, eventTypeOf(job.state)).catch((err: unknown) => {
      logger.warn({ err, event: "state_not_announced", job: job._id });
    });
  }

  return {
    announce,
    hintCancel,
    async queued(job: JobDocument): Promise<void> {
      await announce(job);
      await queue.issue(job);
    },
  };
}

export type Dispatch = ReturnType<typeof createDispatch>;
