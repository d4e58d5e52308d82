import { useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import { isFinished } from "../import/progress.ts";
import type { Place } from "../place/place.ts";
import { useStore } from "../store.ts";
import { useWorkbench } from "../workbench.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { exportsOf } from "./words.ts";

type Props = { dataset: Dataset; place: Place; total: Page<unknown>["total"] | null };

/** Opens the way out, and says how far it is while an export runs. */
export const ExportButton = ({ dataset, place, total }: Props) => {
  const { work } = useWorkbench();
  const [isOpen, setIsOpen] = useState(false);
  const [newest] = exportsOf(useStore(work.store).exports, dataset);
  const isRunning = newest !== undefined && !isFinished(newest);
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        {isRunning ? `Exporting, ${newest.progress.percent} %` : "Export"}
      </button>
      {isOpen && (
        <ExportDialog
          dataset={dataset}
          place={place}
          total={total}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  );
};
