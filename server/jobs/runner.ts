import type { Progress } from "../../protocol/jobs.ts";
import { announceChange } from "../datasets/dataset-channel.ts";
import { type Rows, RowsGone } from "../datasets/rows.ts";
import { isStoreAway } from "../errors.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { insist } from "../infrastructure/insist.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { createAttempt } from "./attempt.ts";
import type { Catalog } from "./catalog.ts";
import { FenceLost, JobFailure, type StopReason } from "./failures.ts";
import { announceEnd } from "./final-event.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import type { JobStore, Outcome } from "./job-store.ts";
import { announceState, eventTypeOf } from "./job-view.ts";
import { advance } from "./progress.ts";
import type { JobQueue } from "./queue.ts";

/** Attempts in a row without progress of the checkpoint that end a run. */
const mostIdleAttempts = 5;

type Deps = {
  jobs: JobModel;
  store: JobStore;
  rows: Rows;
  queue: JobQueue;
  publish: Publish;
  catalog: Catalog;
  logger: Logger;
};

/** Runs one attempt at a job, from claiming it to its final state or to giving it back. */
export function createRunner(deps: Deps) {
  const { jobs, store, rows, queue, publish, catalog, logger } = deps;

  async function run(jobId: string, stop: AbortController): Promise<void> {
    const claim = await store.claim(jobId);
    if (!claim) return;
    const { job, wasRunning } = claim;
    const log = logger.child({ job: job._id, fence: job.fence, attempt: job.attempt });
    if (wasRunning) await announceState(publish, { ...job, state: "queued" }, "job.retrying");
    await announceState(publish, job, "job.started");
    const attempt = createAttempt({ job, store, publish, stop });
    try {
      const outcome = await work(attempt, job);
      await end(attempt.job(), outcome, stop.signal);
    } catch (err) {
      await settleFailure(attempt.job(), err, stop.signal, log);
    }
  }

  function work(attempt: ReturnType<typeof createAttempt>, job: JobDocument): Promise<Outcome> {
    if (job.cancel) return Promise.resolve({ state: "cancelled" });
    if (job.idleAttempts > mostIdleAttempts) {
      throw new JobFailure("attempts_exhausted", `${mostIdleAttempts} attempts came to nothing.`);
    }
    return catalog[job.kind](attempt);
  }

  async function end(job: JobDocument, outcome: Outcome, signal: AbortSignal): Promise<void> {
    const ended = await insist(async () => {
      if (job.cancel === "discard") await rows.drop(job.dataset.id);
      return store.finish(job, outcome, lastProgress(job.progress, outcome));
    }, signal);
    if (ended.dataset && !ended.dataset.deletedAt) {
      await announceChange(publish, ended.dataset, false);
    }
    await announceEnd(jobs, ended.job, (job) =>
      announceState(publish, job, eventTypeOf(job.state)),
    );
    for (const next of ended.admitted) await queue.issue(next);
    if (!ended.profiling) return;
    await announceState(publish, ended.profiling, "job.queued");
    await queue.issue(ended.profiling);
  }

  async function settleFailure(job: JobDocument, err: unknown, signal: AbortSignal, log: Logger) {
    const reason: StopReason | undefined = signal.aborted ? signal.reason : undefined;
    if (err instanceof FenceLost || reason === "lock_lost") {
      log.warn({ event: "attempt_overtaken", by: err instanceof FenceLost ? "fence" : reason });
    } else if (reason === "cancel" || err instanceof RowsGone) {
      await endIfCancelled(job, signal);
    } else if (reason === "shutdown") {
      await giveBack(excuse(job), 0, signal);
    } else if (err instanceof JobFailure) {
      const error = { code: err.code, message: err.message };
      await end(job, { state: "failed", error }, signal);
    } else if (isStoreAway(err)) {
      log.warn({ err, event: "attempt_interrupted" });
      await giveBack(excuse(job), 1000, signal);
    } else {
      log.error({ err, event: "attempt_failed" });
      await retryLater(job, signal);
    }
  }

  /** Dropped collections and hints only say that there may be a cancel: MongoDB knows. */
  async function endIfCancelled(job: JobDocument, signal: AbortSignal): Promise<void> {
    const fresh = await store.save(job, {});
    if (fresh.cancel) return end(fresh, { state: "cancelled" }, signal);
    return retryLater(fresh, signal);
  }

  /** 1, 2, 4, 8 s after the first to the fourth attempt that moved nothing. */
  async function retryLater(job: JobDocument, signal: AbortSignal): Promise<void> {
    if (job.idleAttempts < mostIdleAttempts) {
      return giveBack(job, 1000 * 2 ** Math.max(0, job.idleAttempts - 1), signal);
    }
    const message = `${mostIdleAttempts} attempts in a row came to nothing.`;
    const error = { code: "attempts_exhausted", message } as const;
    await end(job, { state: "failed", error }, signal);
  }

  /** However long MongoDB is away: while this worker lives, nobody else has to find the job. */
  async function giveBack(job: JobDocument, delayMs: number, signal: AbortSignal): Promise<void> {
    const waiting: Partial<Progress> = { phase: "waiting", rowsPerSecond: null, etaSeconds: null };
    const progress = advance(job.progress, waiting);
    const requeue = () => store.requeue(job, progress);
    const queued = await insist(requeue, signal, Number.POSITIVE_INFINITY);
    await announceState(publish, queued, "job.retrying");
    await queue.issue(queued, delayMs);
  }

  /** A failure while settling leaves the job to the next ticket: nothing is lost by stopping here. */
  return async (jobId: string, stop: AbortController): Promise<void> => {
    try {
      await run(jobId, stop);
    } catch (err) {
      if (err instanceof FenceLost) return;
      logger.error({ err, event: "attempt_abandoned", job: jobId });
    }
  };
}

/** An attempt that a store broke off says nothing against the job. */
const excuse = (job: JobDocument): JobDocument => ({
  ...job,
  idleAttempts: Math.max(0, job.idleAttempts - 1),
});

function lastProgress(progress: Progress, outcome: Outcome): Progress {
  const still = { rowsPerSecond: null, etaSeconds: null, phase: "finish" as const };
  if (outcome.state !== "completed") return { ...progress, ...still };
  const { bytesTotal } = progress;
  return { ...progress, ...still, bytesScanned: bytesTotal, bytesRead: bytesTotal, percent: 100 };
}
