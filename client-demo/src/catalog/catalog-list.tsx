import type { Job } from "../../../protocol/jobs.ts";
import { exportsOf } from "../export/words.ts";
import { isFinished } from "../import/progress.ts";
import { placeStore } from "../place/place.ts";
import { useStore } from "../store.ts";
import { useLate } from "../ui/use-late.ts";
import { UploadItem } from "../upload/upload-item.tsx";
import type { Upload } from "../upload/uploads.ts";
import { useWorkbench } from "../workbench.tsx";
import { DatasetItem } from "./dataset-item.tsx";

const isRunning = (job: Job | undefined) => job !== undefined && !isFinished(job);

export const CatalogList = () => {
  const { catalog, uploads, work } = useWorkbench();
  const { datasets, imports, next } = useStore(catalog.store);
  const sending = useStore(uploads.store);
  const { exports } = useStore(work.store);
  const place = useStore(placeStore);
  const isLate = useLate(datasets === null);
  // The new dataset may be told of before the upload's own answer is here: it is shown once.
  const isOnTheWay = ({ file, sent }: Upload) =>
    sent < file.size ||
    !datasets?.some(({ id, name }) => name === file.name && isRunning(imports[id]));
  if (datasets === null && sending.length === 0)
    return isLate ? <div className="skeleton skeleton-list" aria-hidden="true" /> : null;
  return (
    <>
      <ul className="list" aria-label="Datasets">
        {sending.filter(isOnTheWay).map((upload) => (
          <UploadItem key={upload.id} upload={upload} />
        ))}
        {datasets?.map((dataset) => (
          <DatasetItem
            key={dataset.id}
            dataset={dataset}
            job={imports[dataset.id]}
            exporting={exportsOf(exports, dataset).find(isRunning)}
            isOpen={place.dataset === dataset.id}
          />
        ))}
      </ul>
      {next && (
        <button type="button" className="list-more" onClick={() => void catalog.loadMore()}>
          Show older datasets
        </button>
      )}
    </>
  );
};
