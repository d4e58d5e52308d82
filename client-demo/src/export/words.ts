import type { Dataset } from "../../../protocol/datasets.ts";
import type { ExportedFile } from "../../../protocol/exports.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted, formatSeconds } from "../format.ts";
import { isFinished } from "../import/progress.ts";

/** The file that an export has made; null while there is none. */
export const fileOf = ({ result }: Job): ExportedFile | null =>
  result && "file" in result ? result.file : null;

/** `3,201 of 10,000 rows · 1,200 rows/s · 6 s left`. */
export const describeExport = (job: Job): string => {
  const { phase, rowsWritten = 0, rowsTotal = null, rowsPerSecond, etaSeconds } = job.progress;
  if (job.state === "failed") return `Failed: ${job.error?.message ?? "for an unknown reason"}`;
  if (job.state === "cancelled") return "Cancelled";
  if (job.state === "queued") return "Waiting for its turn";
  if (phase === "waiting") return "Looking for the rows";
  const written =
    rowsTotal === null
      ? formatCounted(rowsWritten, "row")
      : `${formatCount(rowsWritten)} of ${formatCounted(rowsTotal, "row")}`;
  const parts = [written];
  if (rowsPerSecond) parts.push(`${formatCount(Math.round(rowsPerSecond))} rows/s`);
  if (etaSeconds !== null) parts.push(`${formatSeconds(etaSeconds)} left`);
  return parts.join(" · ");
};

/** The end of an export as one spoken sentence. */
export const describeExportEnd = (job: Job): string => {
  const file = fileOf(job);
  const { name } = job.dataset;
  if (file) return `${name} is exported, ${formatCounted(file.rows, "row")}`;
  return `Exporting ${name} ${job.state === "cancelled" ? "was cancelled" : "failed"}`;
};

const mostShown = 5;

/** The newest exports of a dataset, those under way first. */
export const exportsOf = (
  exports: Readonly<Record<string, Job>>,
  { id }: Pick<Dataset, "id">,
): Job[] =>
  Object.values(exports)
    .filter(({ dataset, state }) => dataset.id === id && state !== "cancelled")
    .sort((a, b) => {
      const running = Number(isFinished(a)) - Number(isFinished(b));
      return running || b.createdAt.localeCompare(a.createdAt);
    })
    .slice(0, mostShown);
