import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted } from "../format.ts";
import { describeMended, importResultOf, isRepair } from "./repair.ts";

type Props = { dataset: Dataset; job: Job | undefined };

/**
 * How the newest import ended; where that was watched it takes the room that its bar had, so that nothing
 * below moves.
 */
export const Outcome = ({ dataset, job, wasWatched }: Props & { wasWatched: boolean }) => (
  <section className={wasWatched ? "import" : "import import-slim"} aria-label="Import">
    <Ending dataset={dataset} job={job} />
  </section>
);

const Ending = ({ dataset, job }: Props) => {
  if (job && isRepair(dataset, job)) return <RepairEnding dataset={dataset} job={job} />;
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
  const result = job && importResultOf(job);
  const seconds = result ? ` in ${result.seconds.toFixed(1)} s` : "";
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

const RepairEnding = ({ dataset, job }: { dataset: Dataset; job: Job }) => {
  const counts = importResultOf(job) ?? job.progress;
  const now = `${formatCounted(dataset.rows, "row")} · ${formatCount(dataset.rejected)} rejected`;
  if (job.state === "failed")
    return (
      <p className="ending-bad">
        The repair failed: {job.error?.message ?? "the reason is no longer known."} Rows that were
        mended before are kept.
      </p>
    );
  return (
    <>
      <strong>{job.state === "completed" ? "Repair finished" : "The repair was stopped"}</strong>
      <p className="outcome">
        {describeMended(counts)} · now {now}
      </p>
    </>
  );
};
