import type { Job, RowsAfterCancel } from "../../../protocol/jobs.ts";

/** What is known of one run of a job from the answers alone. */
export type RunModel = {
  /** a cancel that was accepted, and the row at which the job was then */
  cancelledAt: number | null;
  rowsAfter: RowsAfterCancel | null;
  /** whether a cancel was refused, which only an end of its own explains */
  mustComplete: boolean;
};

const newRun = (): RunModel => ({ cancelledAt: null, rowsAfter: null, mustComplete: false });

/** A job as its owner may expect it to be; `breaches` are answers that fit no such job. */
export function createJobModel(rows: number) {
  const runs = [newRun()];
  const breaches: string[] = [];
  let isDiscarded = false;
  const current = () => runs.at(-1) as RunModel;

  return {
    rows,
    runs,
    breaches,
    isDiscarded: () => isDiscarded,

    /** `isOver`: whether the final event of this run had been seen before the call. */
    onCancel(status: number, body: Job, rowsAfter: RowsAfterCancel): void {
      const run = current();
      if (status === 409) {
        if (rowsAfter === "keep" || run.rowsAfter === null) run.mustComplete = true;
        return;
      }
      if (status !== 202) breaches.push(`a cancel was answered ${status}`);
      else if (body.run !== runs.length)
        breaches.push(`cancelled run ${body.run} of ${runs.length}`);
      if (status !== 202 || run.rowsAfter) return;
      run.cancelledAt = body.progress.rowsRead;
      run.rowsAfter = rowsAfter;
      isDiscarded ||= rowsAfter === "discard";
    },

    /** `wasCancelled`: whether the event that says so had been seen before the call. */
    onRetry(status: number, body: Job, wasCancelled: boolean): void {
      if (status === 202) {
        if (!current().rowsAfter) breaches.push("a run that nobody cancelled was retried");
        if (isDiscarded) breaches.push("a discarded import was retried");
        runs.push(newRun());
        if (body.run !== runs.length)
          breaches.push(`retry began run ${body.run}, not ${runs.length}`);
      } else if (status !== 409) breaches.push(`a retry was answered ${status}`);
      else if (wasCancelled && !isDiscarded)
        breaches.push("a cancelled import couldn't be retried");
    },
  };
}

export type JobModel = ReturnType<typeof createJobModel>;

/** Rows that may be read and not covered by a checkpoint: batches in flight, and those until the next. */
const mostAhead = 14_000;

/** What is wrong with how a run ended, in words. */
export function judgeEndOfRun(run: RunModel, rows: number, state: string): string[] {
  const { cancelledAt, mustComplete } = run;
  if (mustComplete && state !== "completed") return [`${state}, though a cancel came too late`];
  if (state === "completed") {
    const wasNearEnd = cancelledAt === null || cancelledAt >= rows - mostAhead;
    return wasNearEnd ? [] : [`completed, though cancelled at row ${cancelledAt}`];
  }
  if (state === "cancelled" && cancelledAt !== null) return [];
  return [`${state} without a cause`];
}
