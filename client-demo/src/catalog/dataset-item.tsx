import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatCount, formatCounted } from "../format.ts";
import { describePhase, isFinished, percentOfJob } from "../import/progress.ts";
import { isRepair } from "../import/repair.ts";
import { home, writePlace } from "../place/place.ts";
import { Bar } from "../ui/bar.tsx";

const statusWords = {
  importing: "importing",
  ready: "",
  partial: "stopped",
  failed: "failed",
} as const;

const describe = (dataset: Dataset) => {
  const parts = [formatCounted(dataset.rows, "row")];
  if (dataset.rejected > 0) parts.push(`${formatCount(dataset.rejected)} rejected`);
  const status = statusWords[dataset.status];
  return (status ? [...parts, status] : parts).join(" · ");
};

const describeRunning = (job: Job, dataset: Dataset) =>
  isRepair(dataset, job)
    ? `Repair: ${describePhase(job).toLowerCase()}`
    : `${describePhase(job)} · ${formatCounted(job.progress.rowsImported, "row")}`;

type Props = {
  dataset: Dataset;
  job: Job | undefined;
  exporting: Job | undefined;
  isOpen: boolean;
};

export const DatasetItem = ({ dataset, job, exporting, isOpen }: Props) => {
  const running = job && !isFinished(job) ? job : null;
  const words = running ? describeRunning(running, dataset) : describe(dataset);
  return (
    <li className={isOpen ? "item item-open" : "item"}>
      <a
        className="item-body"
        href={writePlace({ ...home, dataset: dataset.id })}
        aria-current={isOpen ? "page" : undefined}
      >
        <span className="item-name">{dataset.name}</span>
        {/* The open dataset has its bar beside the table: one bar for one import. */}
        {running && !isOpen && (
          <Bar name={dataset.name} percent={percentOfJob(running)} words={words} />
        )}
        <span className={dataset.status === "failed" ? "item-line item-bad" : "item-line"}>
          {words}
          {exporting && ` · exporting, ${exporting.progress.percent} %`}
        </span>
      </a>
    </li>
  );
};
