import type { Dataset } from "../../../protocol/datasets.ts";
import type { Place } from "../place/place.ts";
import { useWorkbench } from "../workbench.tsx";
import { Frame } from "./frame.tsx";
import { pageSize } from "./page-cache.ts";
import { RejectsTable } from "./rejects-table.tsx";
import { usePage } from "./use-page.ts";

type Props = { dataset: Dataset; place: Place };

/** All rejects are counted, the first 100,000 can be read. */
const mostKept = 100_000;

export const RejectsPane = ({ dataset, place }: Props) => {
  const { live } = useWorkbench();
  const { id, name, status } = dataset;
  const count = Math.min(dataset.rejected, mostKept);
  const load = (cursor: string | null) =>
    live.ask("rejects:list", { datasetId: id, limit: pageSize, ...(cursor && { cursor }) });
  const result = usePage(load, place, count, status === "importing");
  const empty = status === "importing" ? "Nothing was rejected so far." : "Every row fitted.";
  return (
    <Frame
      label={`Rejected rows of ${name}`}
      noun="reject"
      result={result}
      count={count}
      empty={empty}
    >
      {() => <RejectsTable name={name} items={result.shown?.page.items ?? []} />}
    </Frame>
  );
};
