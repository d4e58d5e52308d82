import { useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import { renameDataset } from "../api.ts";
import { Dialog } from "../ui/dialog.tsx";
import { explain } from "../ui/explain.ts";
import { Field } from "../ui/field.tsx";
import { useWorkbench } from "../workbench.tsx";

type Props = { dataset: Dataset; onClose: () => void };

const check = (name: string) => {
  if (name.trim() === "") return "A name needs a character that can be seen";
  return [...name].length > 200 ? "200 characters at most" : undefined;
};

export const RenameDialog = ({ dataset, onClose }: Props) => {
  const { session, catalog } = useWorkbench();
  const [name, setName] = useState(dataset.name);
  const [error, setError] = useState<string>();
  const save = () => {
    const wrong = check(name);
    if (wrong) return setError(wrong);
    renameDataset(session.token, dataset.id, name).then(
      (renamed) => {
        catalog.replace(renamed);
        onClose();
      },
      (failure) => setError(explain(failure)),
    );
  };
  return (
    <Dialog
      title="Rename the dataset"
      onClose={onClose}
      confirm={{ label: "Save name", onConfirm: save }}
      dismiss="Leave as it is"
    >
      <Field
        label="New name"
        value={name}
        autoComplete="off"
        error={error}
        onChange={(event) => {
          setName(event.target.value);
          setError(undefined);
        }}
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  );
};
