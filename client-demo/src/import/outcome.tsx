import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted } from "../format.ts";

type Props = { dataset: Dataset; job: Job | undefined };

/** How the newest import ended, where that isn't plain from the table. */
export const Outcome = ({ dataset, job }: Props) => {
  if (job?.state === "failed" || (!job && dataset.status === "failed"))
    return (
      <p className="banner banner-bad">
        The import failed: {job?.error?.message ?? "the reason is no longer known."}{" "}
        {dataset.rows > 0 && `The ${formatCounted(dataset.rows, "row")} that were in are kept.`}
      </p>
    );
  if (job?.state === "cancelled" || dataset.status === "partial")
    return (
      <p className="banner">
        The import was stopped. The {formatCounted(dataset.rows, "row")} that were in are kept.
      </p>
    );
  if (!job?.result) return null;
  const { rowsImported, rowsRejected, columns, seconds } = job.result;
  return (
    <p className="outcome">
      {formatCounted(rowsImported, "row")} in {seconds.toFixed(1)} s ·{" "}
      {formatCounted(columns, "column")} · {formatCount(rowsRejected)} rejected
    </p>
  );
};
