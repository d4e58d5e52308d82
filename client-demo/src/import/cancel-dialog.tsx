import type { Job } from "../../../protocol/jobs.ts";
import { formatCounted } from "../format.ts";
import { Dialog } from "../ui/dialog.tsx";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { useWorkbench } from "../workbench.tsx";

type Props = { job: Job; onClose: () => void };

export const CancelDialog = ({ job, onClose }: Props) => {
  const { live, catalog } = useWorkbench();
  const rows = formatCounted(job.progress.rowsImported, "row");
  const cancel = () => {
    onClose();
    live
      .ask("jobs:cancel", { jobId: job.id, rows: "keep" })
      .then(catalog.takeJob, (error) => complain(explain(error)));
  };
  return (
    <Dialog
      title="Stop this import?"
      onClose={onClose}
      confirm={{ label: `Stop and keep ${rows}`, isDanger: true, onConfirm: cancel }}
      dismiss="Go on importing"
    >
      <p>
        The {rows} that are in stay, with those that arrive until it has stopped. The rest of the
        file is not read. You can go on later with “Retry import”.
      </p>
    </Dialog>
  );
};
