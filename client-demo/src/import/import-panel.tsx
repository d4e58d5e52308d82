import { useState } from "react";
import type { Job } from "../../../protocol/jobs.ts";
import { Bar } from "../ui/bar.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { describePhase, describeProgress, percentOfJob } from "./progress.ts";

/** The open dataset's import: one bar for the whole way, and the way out. */
export const ImportPanel = ({ job }: { job: Job }) => {
  const [isAsking, setIsAsking] = useState(false);
  const phase = describePhase(job);
  const line = describeProgress(job);
  const percent = percentOfJob(job);
  return (
    <section className="import" aria-label="Import">
      <div className="import-words">
        <strong>{phase}</strong>
        <span className="import-percent">{percent} %</span>
        <button type="button" className="button-small" onClick={() => setIsAsking(true)}>
          Cancel import
        </button>
      </div>
      <Bar name={job.dataset.name} percent={percent} words={`${phase}, ${line}`} />
      <p className="import-line">{line}</p>
      {isAsking && <CancelDialog job={job} onClose={() => setIsAsking(false)} />}
    </section>
  );
};
