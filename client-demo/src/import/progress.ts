import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatBytes, formatCount, formatCounted, formatSeconds } from "../format.ts";
import { describeMended, importResultOf, isRepair } from "./repair.ts";

/** The part of the bar that belongs to the upload; the server's percent fills the rest. */
const uploadShare = 20;

export const percentOfUpload = (sent: number, total: number) =>
  Math.floor(total === 0 ? uploadShare : (uploadShare * sent) / total);

export const percentOfJob = ({ progress }: Job) =>
  Math.floor(uploadShare + ((100 - uploadShare) * progress.percent) / 100);

export const isFinished = ({ state }: Job) => state !== "queued" && state !== "running";

/** A job's progress is told more often than its dataset, and what it counts can be read already. */
export const addProgress = (dataset: Dataset, job: Job | undefined): Dataset => {
  if (!job || isFinished(job) || dataset.columns.length === 0) return dataset;
  // A repair counts the rows of its own file.
  if (isRepair(dataset, job)) return dataset;
  const { rowsImported, rowsRejected } = job.progress;
  return {
    ...dataset,
    rows: Math.max(dataset.rows, rowsImported),
    rejected: Math.max(dataset.rejected, rowsRejected),
  };
};

/** What is going on, in words. */
export const describePhase = (job: Job): string => {
  if (job.state === "queued") return job.attempt > 1 ? "Waiting to go on" : "Waiting for its turn";
  const { phase } = job.progress;
  if (phase === "scan") return "Looking through the file";
  if (phase === "load") return "Loading rows";
  return phase === "finish" ? "Finishing" : "Waiting for its turn";
};

/** The small line under the bar: rows, rate, time left, rejects. */
export const describeProgress = ({ state, progress }: Job): string => {
  if (progress.phase === "scan") {
    return `${formatBytes(progress.bytesScanned)} of ${formatBytes(progress.bytesTotal)} read`;
  }
  const parts = [formatCounted(progress.rowsImported, "row")];
  if (state === "running" && progress.rowsPerSecond)
    parts.push(`${formatCount(Math.round(progress.rowsPerSecond))} rows/s`);
  if (state === "running" && progress.etaSeconds !== null)
    parts.push(`${formatSeconds(progress.etaSeconds)} left`);
  parts.push(`${formatCount(progress.rowsRejected)} rejected`);
  return parts.join(" · ");
};

/** The end of a run as one spoken sentence, the same wherever it is told. */
export const describeEnd = (job: Job, isMending: boolean): string => {
  const result = importResultOf(job) ?? job.progress;
  const what = isMending ? "repair" : "import";
  const counts = isMending
    ? describeMended(result)
    : `${formatCounted(result.rowsImported, "row")}, ${formatCount(result.rowsRejected)} rejected`;
  if (job.state === "completed") return `${what} finished, ${counts}`;
  if (job.state === "cancelled") return `${what} cancelled, ${counts}`;
  return `${what} failed, ${job.error?.message ?? "for an unknown reason"}`;
};
