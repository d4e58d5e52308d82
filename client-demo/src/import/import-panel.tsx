import { useState } from "react";
import type { Job } from "../../../protocol/jobs.ts";
import { Bar } from "../ui/bar.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { describePhase, describeProgress, percentOfJob } from "./progress.ts";
import { describeMended } from "./repair.ts";

/** The open dataset's import: one bar for the whole way, and the way out. */
export const ImportPanel = ({ job, isMending }: { job: Job; isMending: boolean }) => {
  const [isAsking, setIsAsking] = useState(false);
  const phase = isMending ? `Repair: ${describePhase(job).toLowerCase()}` : describePhase(job);
  const line = isMending ? describeMended(job.progress) : describeProgress(job);
  const percent = percentOfJob(job);
  return (
    <section className="import" aria-label="Import">
      <div className="import-words">
        <strong>{phase}</strong>
        <span className="import-percent">{percent} %</span>
        <button type="button" className="button-small" onClick={() => setIsAsking(true)}>
          {isMending ? "Cancel repair" : "Cancel import"}
        </button>
      </div>
      <Bar name={job.dataset.name} percent={percent} words={`${phase}, ${line}`} />
      <p className="import-line">{line}</p>
      {isAsking && (
        <CancelDialog job={job} isMending={isMending} onClose={() => setIsAsking(false)} />
      )}
    </section>
  );
};
