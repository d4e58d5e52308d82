import type { Dataset, Reject, RejectCode } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import type { Place } from "../place/place.ts";
import { useWorkbench } from "../workbench.tsx";
import { Text } from "./cell.tsx";
import { Frame } from "./frame.tsx";
import { findGuilty } from "./guilty.ts";
import { pageSize } from "./page-cache.ts";
import { usePage } from "./use-page.ts";

type Props = { dataset: Dataset; place: Place };

/** All rejects are counted, the first 100,000 can be read. */
const mostKept = 100_000;

const reasons: Record<RejectCode, string> = {
  column_count: "Too few or too many cells",
  quote: "Quotes that don't match",
  encoding: "Not valid text",
  json: "Not valid JSON",
  not_object: "Not an object",
  too_large: "Row over 1 MiB",
};

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
      {() => <Rejects name={name} items={result.shown?.page.items ?? []} />}
    </Frame>
  );
};

const Rejects = ({ name, items }: { name: string; items: Reject[] }) => (
  <table aria-label={`Rejected rows of ${name}`}>
    <thead>
      <tr>
        <th scope="col" className="cell-row">
          Row
        </th>
        <th scope="col" className="cell-number">
          Line
        </th>
        <th scope="col">Reason</th>
        <th scope="col">As it stands in the file</th>
      </tr>
    </thead>
    <tbody>
      {items.map((reject) => (
        <RejectRow key={reject.row} reject={reject} />
      ))}
    </tbody>
  </table>
);

const RejectRow = ({ reject }: { reject: Reject }) => {
  const { row, line, code, column, message, raw } = reject;
  return (
    <tr>
      <th scope="row" className="cell-row">
        {formatCount(row)}
      </th>
      <td className="cell-number">{formatCount(line)}</td>
      <td className="cell-reason">
        {reasons[code] ?? code}
        {column && <mark>{column}</mark>}
        {message !== reasons[code] && <small>{message}</small>}
      </td>
      <td className="cell-code">
        <Text
          title={`Row ${formatCount(row)}, line ${formatCount(line)}`}
          text={raw}
          marked={findGuilty(reject)}
        />
      </td>
    </tr>
  );
};
