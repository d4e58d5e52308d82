import type { Dataset } from "../../../protocol/datasets.ts";
import { deleteDataset } from "../api.ts";
import { formatCounted } from "../format.ts";
import { goTo, home } from "../place/place.ts";
import { Dialog } from "../ui/dialog.tsx";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { useWorkbench } from "../workbench.tsx";

type Props = { dataset: Dataset; onClose: () => void };

export const DeleteDialog = ({ dataset, onClose }: Props) => {
  const { session, catalog } = useWorkbench();
  const remove = () => {
    onClose();
    deleteDataset(session.token, dataset.id).then(
      () => {
        catalog.remove(dataset.id);
        goTo(home);
      },
      (error) => complain(explain(error)),
    );
  };
  return (
    <Dialog
      title={`Delete ${dataset.name}?`}
      onClose={onClose}
      confirm={{ label: "Delete for good", isDanger: true, onConfirm: remove }}
      dismiss="Keep it"
    >
      <p>
        Its {formatCounted(dataset.rows, "row")}, the rejects and the uploaded file go, for
        everybody and for good. An import that still runs is stopped.
      </p>
    </Dialog>
  );
};
