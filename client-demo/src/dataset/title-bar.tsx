import { useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { formatBytes } from "../format.ts";
import { isRepair } from "../import/repair.ts";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { useWorkbench } from "../workbench.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";

type Props = { dataset: Dataset; job: Job | undefined };

export const TitleBar = ({ dataset, job }: Props) => {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="title">
      <a className="title-back" href="#/">
        All datasets
      </a>
      <div className="title-words">
        <h1>{dataset.name}</h1>
        <p className="quiet">
          {dataset.format === "csv" ? "CSV" : "NDJSON"} · {formatBytes(dataset.bytes)} ·{" "}
          {new Date(dataset.createdAt).toLocaleString("en-GB", when)}
        </p>
      </div>
      <div className="row">
        <Retry job={job} what={isRepair(dataset, job) ? "repair" : "import"} />
        <button type="button" onClick={() => setDialog("rename")}>
          Rename
        </button>
        <button type="button" onClick={() => setDialog("delete")}>
          Delete
        </button>
      </div>
      {dialog === "rename" && <RenameDialog dataset={dataset} onClose={close} />}
      {dialog === "delete" && <DeleteDialog dataset={dataset} onClose={close} />}
    </div>
  );
};

const when = { dateStyle: "medium", timeStyle: "short" } as const;

const Retry = ({ job, what }: { job: Job | undefined; what: string }) => {
  const { live, catalog } = useWorkbench();
  const [isBusy, setIsBusy] = useState(false);
  if (job?.state !== "failed" && job?.state !== "cancelled") return null;
  const retry = () => {
    setIsBusy(true);
    live
      .ask("jobs:retry", { jobId: job.id })
      .then(catalog.takeJob, (error) => complain(explain(error)))
      .finally(() => setIsBusy(false));
  };
  return (
    <button type="button" className="button-main" disabled={isBusy} onClick={retry}>
      Retry {what}
    </button>
  );
};
