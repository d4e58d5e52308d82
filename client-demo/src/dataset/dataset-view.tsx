import { useEffect, useState } from "react";
import { ImportPanel } from "../import/import-panel.tsx";
import { Outcome } from "../import/outcome.tsx";
import { addProgress, isFinished } from "../import/progress.ts";
import { isRepair } from "../import/repair.ts";
import { type Place, placeStore } from "../place/place.ts";
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
  const isBusy = job !== undefined && !isFinished(job);
  const wasWatched = useWatched(isBusy, place);
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
  const isMending = isRepair(dataset, job);
  return (
    <>
      <TitleBar dataset={dataset} job={job} />
      {isBusy ? (
        <ImportPanel job={job} isMending={isMending} />
      ) : (
        <Outcome dataset={dataset} job={job} wasWatched={wasWatched} />
      )}
      <Tabs dataset={dataset} place={place} />
      {place.tab === "rows" ? (
        <RowsPane dataset={dataset} place={place} isMending={isMending} />
      ) : (
        <RejectsPane dataset={dataset} place={place} isMending={isMending} isBusy={isBusy} />
      )}
    </>
  );
};

/** Whether an import is under way, or ended while this place was looked at. */
const useWatched = (isBusy: boolean, place: Place): boolean => {
  const [watchedAt, setWatchedAt] = useState<Place | null>(null);
  useEffect(() => {
    if (isBusy) setWatchedAt(place);
  }, [isBusy, place]);
  return isBusy || watchedAt === place;
};
