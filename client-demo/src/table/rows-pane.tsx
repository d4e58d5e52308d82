import type { Column, DataRecord, Dataset } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import type { Place } from "../place/place.ts";
import { useWorkbench } from "../workbench.tsx";
import { Cell } from "./cell.tsx";
import { Frame } from "./frame.tsx";
import { pageSize } from "./page-cache.ts";
import { usePage } from "./use-page.ts";

type Props = { dataset: Dataset; place: Place };

export const RowsPane = ({ dataset, place }: Props) => {
  const { live } = useWorkbench();
  const { id, name, columns, rows, status } = dataset;
  const load = (cursor: string | null) =>
    live.ask("records:list", { datasetId: id, limit: pageSize, ...(cursor && { cursor }) });
  const result = usePage(load, place, rows, status === "importing");
  const empty = status === "importing" ? "The first rows will show here." : "No rows came in.";
  return (
    <Frame label={`Rows of ${name}`} noun="row" result={result} count={rows} empty={empty}>
      <Rows name={name} columns={columns} items={result.shown?.page.items ?? []} />
    </Frame>
  );
};

const alignments: Partial<Record<Column["type"], string>> = {
  integer: "cell-number",
  number: "cell-number",
  json: "cell-code",
};

const Rows = ({
  name,
  columns,
  items,
}: {
  name: string;
  columns: Column[];
  items: DataRecord[];
}) => (
  <table aria-label={name}>
    <thead>
      <tr>
        <th scope="col" className="cell-row">
          Row
        </th>
        {columns.map((column) => (
          <th scope="col" key={column.name} className={alignments[column.type]}>
            {column.name} <small>{column.type}</small>
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {items.map(({ row, values }) => (
        <tr key={row}>
          <th scope="row" className="cell-row">
            {formatCount(row)}
          </th>
          {columns.map((column) => (
            <td key={column.name} className={alignments[column.type]}>
              <Cell column={column.name} value={readCell(values, column.name)} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

/** A column may be called `toString`: only the row's own cells count. */
const readCell = (values: DataRecord["values"], name: string) =>
  Object.hasOwn(values, name) ? values[name] : null;
