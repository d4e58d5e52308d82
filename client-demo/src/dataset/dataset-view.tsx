import { ImportPanel } from "../import/import-panel.tsx";
import { Outcome } from "../import/outcome.tsx";
import { addProgress, isFinished } from "../import/progress.ts";
import { placeStore } from "../place/place.ts";
import { useStore } from "../store.ts";
import { RejectsPane } from "../table/rejects-pane.tsx";
import { RowsPane } from "../table/rows-pane.tsx";
import { useLate } from "../ui/use-late.ts";
import { useTitle } from "../ui/use-title.ts";
import { useWorkbench } from "../workbench.tsx";
import { Tabs } from "./tabs.tsx";
import { TitleBar } from "./title-bar.tsx";
import { useDataset } from "./use-dataset.ts";

export const DatasetView = ({ id }: { id: string }) => {
  const { catalog } = useWorkbench();
  const opened = useDataset(id);
  const job = useStore(catalog.store).imports[id];
  const place = useStore(placeStore);
  const isLate = useLate(opened.state === "loading");
  useTitle(opened.state === "open" ? opened.dataset.name : null);
  if (opened.state === "loading")
    return isLate ? <div className="skeleton skeleton-stage" aria-hidden="true" /> : null;
  if (opened.state === "gone")
    return (
      <div className="stage-empty">
        <h1>{opened.why}</h1>
        <a href="#/">Back to the datasets</a>
      </div>
    );

  const dataset = addProgress(opened.dataset, job);
  return (
    <>
      <TitleBar dataset={dataset} job={job} />
      {job && !isFinished(job) ? (
        <ImportPanel job={job} />
      ) : (
        <Outcome dataset={dataset} job={job} />
      )}
      <Tabs dataset={dataset} place={place} />
      {place.tab === "rows" ? (
        <RowsPane dataset={dataset} place={place} />
      ) : (
        <RejectsPane dataset={dataset} place={place} />
      )}
    </>
  );
};
