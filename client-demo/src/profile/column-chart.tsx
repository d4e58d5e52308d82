import type { ProfiledColumn } from "../../../protocol/profiles.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { Popover } from "../ui/popover.tsx";
import { Bars } from "./bars.tsx";
import { Details } from "./details.tsx";
import { summarise } from "./words.ts";

type Props = {
  column: ProfiledColumn;
  rows: number;
  /** shows only rows like these */
  onFilter: (conditions: RecordCondition[]) => void;
};

/** A column in small: its bars and a line of words; it opens what else is known of it. */
export const ColumnChart = ({ column, rows, onFilter }: Props) => {
  const words = summarise(column, rows);
  return (
    <Popover
      className="chart"
      title={`What ${column.name} holds`}
      face={
        <>
          <Bars column={column} />
          <span className="chart-words" title={words}>
            {words}
          </span>
          <span className="unseen">, more about {column.name}</span>
        </>
      }
    >
      {(close) => (
        <Details
          column={column}
          rows={rows}
          onFilter={(conditions) => {
            close();
            onFilter(conditions);
          }}
        />
      )}
    </Popover>
  );
};
