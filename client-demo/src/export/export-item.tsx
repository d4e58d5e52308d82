import { useState } from "react";
import type { ExportedFile } from "../../../protocol/exports.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatBytes, formatCounted } from "../format.ts";
import { isFinished } from "../import/progress.ts";
import { Bar } from "../ui/bar.tsx";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { useWorkbench } from "../workbench.tsx";
import { describeExport, fileOf } from "./words.ts";

/** One export: how far it is, or its file. */
export const ExportItem = ({ job }: { job: Job }) => {
  const file = fileOf(job);
  return <li className="export">{file ? <File file={file} /> : <Unfinished job={job} />}</li>;
};

const Unfinished = ({ job }: { job: Job }) => {
  const words = describeExport(job);
  return (
    <>
      <div className="export-words">
        {!isFinished(job) && (
          <Bar
            name={`Export of ${job.dataset.name}`}
            percent={job.progress.percent}
            words={words}
          />
        )}
        <p className={job.state === "failed" ? "note-bad" : undefined}>{words}</p>
      </div>
      {!isFinished(job) && <Cancel job={job} />}
    </>
  );
};

const Cancel = ({ job }: { job: Job }) => {
  const { live, work } = useWorkbench();
  const [isBusy, setIsBusy] = useState(false);
  const cancel = () => {
    setIsBusy(true);
    live
      .ask("jobs:cancel", { jobId: job.id })
      .then(work.takeJob, (error) => complain(explain(error)))
      .finally(() => setIsBusy(false));
  };
  return (
    <button type="button" className="button-small" disabled={isBusy} onClick={cancel}>
      Cancel export
    </button>
  );
};

const when = { dateStyle: "medium", timeStyle: "short" } as const;

const File = ({ file }: { file: ExportedFile }) => {
  const { name, bytes, rows, url, expiresAt } = file;
  const isOver = Date.parse(expiresAt) <= Date.now();
  const until = new Date(expiresAt).toLocaleString("en-GB", when);
  return (
    <>
      <div className="export-words">
        <p className="export-name">{name}</p>
        <p className="quiet">
          {formatCounted(rows, "row")} · {formatBytes(bytes)} ·{" "}
          {isOver ? "no longer kept" : `until ${until}`}
        </p>
      </div>
      {!isOver && (
        <a className="button button-main" href={url} download={name}>
          Download
        </a>
      )}
    </>
  );
};
