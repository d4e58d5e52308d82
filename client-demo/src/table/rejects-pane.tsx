import type { Dataset } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import type { Place } from "../place/place.ts";
import { RepairBar } from "../repair/repair-bar.tsx";
import { useWorkbench } from "../workbench.tsx";
import { Frame } from "./frame.tsx";
import { pageSize } from "./page-cache.ts";
import { RejectsTable } from "./rejects-table.tsx";
import { usePage } from "./use-page.ts";

type Props = {
  dataset: Dataset;
  place: Place;
  /** rows leave the rejects, mended */
  isMending: boolean;
  /** an import or a repair of this dataset is under way */
  isBusy: boolean;
};

/** All rejects are counted, the first 100,000 can be read. */
const mostKept = 100_000;

export const RejectsPane = ({ dataset, place, isMending, isBusy }: Props) => {
  const { live } = useWorkbench();
  const { id, name, status, version, rejected } = dataset;
  const count = Math.min(rejected, mostKept);
  const load = ({ cursor }: Place) =>
    live.ask("rejects:list", { datasetId: id, limit: pageSize, ...(cursor && { cursor }) });
  const isGrowing = status === "importing";
  const mode = isMending ? "follow" : "append";
  const result = usePage({ load, place, count, version, mode, isGrowing });
  const empty = isGrowing ? "Nothing was rejected so far." : "Every row fitted.";
  return (
    <>
      <RepairBar dataset={dataset} isBusy={isBusy} />
      {rejected > mostKept && (
        <p className="quiet">
          The first {formatCount(mostKept)} of {formatCount(rejected)} are kept to be read and
          mended.
        </p>
      )}
      <Frame
        label={`Rejected rows of ${name}`}
        noun="reject"
        place={place}
        result={result}
        empty={<p>{isMending && rejected === 0 ? "Every row fits now." : empty}</p>}
      >
        {() => <RejectsTable dataset={dataset} items={result.shown?.page.items ?? []} />}
      </Frame>
    </>
  );
};
