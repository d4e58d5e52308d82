import type { Dataset } from "../../../protocol/datasets.ts";
import type { Place } from "../place/place.ts";
import { useWorkbench } from "../workbench.tsx";
import { Frame } from "./frame.tsx";
import { pageSize } from "./page-cache.ts";
import { RowsTable } from "./rows-table.tsx";
import { usePage } from "./use-page.ts";

type Props = { dataset: Dataset; place: Place };

export const RowsPane = ({ dataset, place }: Props) => {
  const { live } = useWorkbench();
  const { id, name, columns, rows, status } = dataset;
  const load = (cursor: string | null) =>
    live.ask("records:list", { datasetId: id, limit: pageSize, ...(cursor && { cursor }) });
  const result = usePage(load, place, rows, status === "importing");
  const empty = status === "importing" ? "The first rows will show here." : "No rows came in.";
  const items = result.shown?.page.items ?? [];
  return (
    <Frame label={`Rows of ${name}`} noun="row" result={result} count={rows} empty={empty}>
      {(viewport) => <RowsTable name={name} columns={columns} items={items} viewport={viewport} />}
    </Frame>
  );
};
