import type { Job } from "../../../protocol/jobs.ts";
import { deleteDataset } from "../api.ts";
import { formatCounted } from "../format.ts";
import { goTo, home } from "../place/place.ts";
import { Dialog } from "../ui/dialog.tsx";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { useWorkbench } from "../workbench.tsx";

type Props = { job: Job; isMending: boolean; onClose: () => void };

/** Asks what shall become of the rows that are in. */
export const CancelDialog = ({ job, isMending, onClose }: Props) => {
  const { live, catalog, session } = useWorkbench();
  const rows = formatCounted(job.progress.rowsImported, "row");
  const fail = (error: unknown) => complain(explain(error));
  const keep = () => {
    onClose();
    live.ask("jobs:cancel", { jobId: job.id, rows: "keep" }).then(catalog.takeJob, fail);
  };
  const remove = () => {
    onClose();
    // Deleting a dataset stops its import and drops its rows.
    deleteDataset(session.token, job.dataset.id).then(() => {
      catalog.remove(job.dataset.id);
      goTo(home);
    }, fail);
  };
  if (isMending)
    return (
      <Dialog
        title="Stop this repair?"
        onClose={onClose}
        confirm={{ label: "Stop the repair", onConfirm: keep }}
        dismiss="Go on"
      >
        <p>Rows that are mended by now stay; the others stay among the rejected ones.</p>
      </Dialog>
    );
  return (
    <Dialog
      title="Stop this import?"
      onClose={onClose}
      confirm={{ label: `Stop and keep ${rows}`, onConfirm: keep }}
      other={{ label: "Stop and remove", onConfirm: remove }}
      dismiss="Go on"
    >
      <p>
        Keep the {rows} that are in, or remove them? If you keep them, “Retry import” goes on from
        there later. If you remove them, the dataset and the uploaded file go too.
      </p>
    </Dialog>
  );
};
