import type { Dataset, Reject, RejectCode } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import { useNarrow } from "../ui/use-narrow.ts";
import { Text } from "./cell.tsx";
import { findGuilty } from "./guilty.ts";

const reasons: Record<RejectCode, string> = {
  column_count: "Too few or too many cells",
  quote: "Quotes that don't match",
  encoding: "Not valid text",
  json: "Not valid JSON",
  not_object: "Not an object",
  type: "Not of the type that was declared",
  too_large: "Row over 1 MiB",
};

type Props = { dataset: Dataset; items: Reject[] };

/** The rejects of a page; on a phone line and text stand under the reason, where they can be seen. */
export const RejectsTable = ({ dataset, items }: Props) => {
  const isNarrow = useNarrow();
  const Row = isNarrow ? NarrowRow : WideRow;
  return (
    <table
      className={isNarrow ? "table-fixed table-folded" : undefined}
      aria-label={`Rejected rows of ${dataset.name}`}
    >
      <thead>
        <tr>
          <th scope="col" className="cell-row">
            Row
          </th>
          {!isNarrow && (
            <th scope="col" className="cell-number">
              Line
            </th>
          )}
          <th scope="col">{isNarrow ? "What is wrong with it" : "Reason"}</th>
          {!isNarrow && <th scope="col">As it stands in the file</th>}
        </tr>
      </thead>
      <tbody>
        {items.map((reject) => (
          <tr key={reject.row}>
            <th scope="row" className="cell-row">
              {formatCount(reject.row)}
            </th>
            <Row reject={reject} dataset={dataset} />
          </tr>
        ))}
      </tbody>
    </table>
  );
};

type RowProps = { reject: Reject; dataset: Dataset };

const WideRow = ({ reject, dataset }: RowProps) => (
  <>
    <td className="cell-number">{formatCount(reject.line)}</td>
    <td className="cell-reason">
      <Reason reject={reject} />
    </td>
    <td className="cell-code">
      <Raw reject={reject} dataset={dataset} />
    </td>
  </>
);

const NarrowRow = ({ reject, dataset }: RowProps) => (
  <td className="cell-reason">
    <Reason reject={reject} line={reject.line} />
    <div className="cell-code">
      <Raw reject={reject} dataset={dataset} />
    </div>
  </td>
);

const Reason = ({ reject, line }: { reject: Reject; line?: number }) => {
  const { code, column, message } = reject;
  const more = line === undefined ? [] : [`line ${formatCount(line)}`];
  if (message !== reasons[code]) more.push(message);
  return (
    <>
      {reasons[code] ?? code}
      {column && <mark>{column}</mark>}
      {more.length > 0 && <small>{more.join(" · ")}</small>}
    </>
  );
};

const Raw = ({ reject, dataset }: RowProps) => (
  <Text
    title={`Row ${formatCount(reject.row)}, line ${formatCount(reject.line)}`}
    text={reject.raw}
    marked={findGuilty(reject, dataset)}
  />
);
