import type { Dataset } from "../../../protocol/datasets.ts";
import type { ImportResult, Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted } from "../format.ts";

/** The import that made a dataset is made along with it; nobody mends its rows within that time (ms). */
const atOnce = 1_000;

/** Whether an import job brings rejected rows in again, mended, rather than a new file. */
export const isRepair = (dataset: Dataset, job: Job | undefined): boolean =>
  job !== undefined && Date.parse(job.createdAt) - Date.parse(dataset.createdAt) > atOnce;

/** An import's result; null for other jobs and while there is none. */
export const importResultOf = ({ result }: Job): ImportResult | null =>
  result && "rowsImported" in result ? result : null;

type Counts = Pick<ImportResult, "rowsImported" | "rowsRejected" | "repair">;

/** `298 mended, 2 still don't fit`, and what else the file held. */
export const describeMended = ({ rowsImported, rowsRejected, repair }: Counts): string => {
  const { alreadyIn = 0, unknown = 0 } = repair ?? {};
  const left = rowsRejected - unknown;
  const parts = [`${formatCount(rowsImported - alreadyIn)} mended`];
  if (left > 0)
    parts.push(left === 1 ? "1 still doesn't fit" : `${formatCount(left)} still don't fit`);
  if (alreadyIn > 0) parts.push(`${formatCount(alreadyIn)} in already`);
  if (unknown > 0) parts.push(`${formatCounted(unknown, "row")} of no known number`);
  return parts.join(", ");
};
