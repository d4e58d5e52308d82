import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted } from "../format.ts";

type Props = { dataset: Dataset; job: Job | undefined };

/** How the newest import ended; it takes the room that its bar had, so that nothing below moves. */
export const Outcome = ({ dataset, job }: Props) => (
  <section className="import" aria-label="Import">
    <Ending dataset={dataset} job={job} />
  </section>
);

const Ending = ({ dataset, job }: Props) => {
  if (job?.state === "failed" || (!job && dataset.status === "failed"))
    return (
      <p className="ending-bad">
        The import failed: {job?.error?.message ?? "the reason is no longer known."}{" "}
        {dataset.rows > 0 && `The ${formatCounted(dataset.rows, "row")} that were in are kept.`}
      </p>
    );
  if (job?.state === "cancelled" || dataset.status === "partial")
    return (
      <p>The import was stopped. The {formatCounted(dataset.rows, "row")} that were in are kept.</p>
    );
  const words = [
    formatCounted(dataset.columns.length, "column"),
    `${formatCount(dataset.rejected)} rejected`,
  ];
  const seconds =
    job?.result && "seconds" in job.result ? ` in ${job.result.seconds.toFixed(1)} s` : "";
  return (
    <>
      <strong>Import finished</strong>
      <p className="outcome">
        {formatCounted(dataset.rows, "row")}
        {seconds} · {words.join(" · ")}
      </p>
    </>
  );
};
