import type { Column, DataRecord } from "../../../protocol/datasets.ts";
import type { Profile } from "../../../protocol/profiles.ts";
import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";
import { formatCount } from "../format.ts";
import { ColumnChart } from "../profile/column-chart.tsx";
import { Cell } from "./cell.tsx";
import { HeaderCell } from "./header-cell.tsx";
import { findSpan, type Span, type Viewport } from "./viewport.ts";
import { stretch, widthsOf } from "./widths.ts";

const rowHeight = 32;

type Props = {
  name: string;
  columns: Column[];
  items: DataRecord[];
  viewport: Viewport;
  sort: RecordSort | null;
  onSort: (sort: RecordSort | null) => void;
  profile: Profile | null;
  /** asks for these conditions and none else on their column */
  onFilter: (conditions: RecordCondition[]) => void;
};

const alignments: Partial<Record<Column["type"], string>> = {
  integer: "cell-number",
  number: "cell-number",
  json: "cell-code",
};

/** The rows of a page; only those rows and columns that can be seen are in the document. */
export const RowsTable = (props: Props) => {
  const { name, columns, items, viewport, sort, onSort, profile, onFilter } = props;
  const { top, left, width, height } = viewport;
  const largest = items.reduce((most, { row }) => Math.max(most, row), 0);
  const rowWidth = Math.max(64, formatCount(largest).length * 8 + 32);
  const widths = stretch(widthsOf(columns, items), width - rowWidth);
  const down = findSpan(Array(items.length).fill(rowHeight), top, top + height);
  const across = findSpan(widths, left, left + width);
  const shown = columns.slice(across.first, across.last);
  const total = widths.reduce((sum, one) => sum + one, rowWidth);
  return (
    <table
      className="table-fixed"
      aria-label={name}
      aria-rowcount={items.length + 1}
      aria-colcount={columns.length + 1}
      style={{ width: total, minWidth: "100%" }}
    >
      <colgroup>
        <col style={{ width: rowWidth }} />
        {across.before > 0 && <col style={{ width: across.before }} />}
        {shown.map((column, index) => (
          <col key={column.name} style={{ width: widths[across.first + index] }} />
        ))}
        {across.after > 0 && <col style={{ width: across.after }} />}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className="cell-row" aria-colindex={1}>
            Row
          </th>
          <Gap size={across.before} />
          {shown.map((column, index) => (
            <HeaderCell
              key={column.name}
              column={column}
              className={alignments[column.type]}
              colIndex={across.first + index + 2}
              sort={sort}
              onSort={onSort}
            >
              <Chart name={column.name} profile={profile} onFilter={onFilter} />
            </HeaderCell>
          ))}
          <Gap size={across.after} />
        </tr>
      </thead>
      <tbody>
        <Filler size={down.before} />
        {items.slice(down.first, down.last).map((item, index) => (
          <Row
            key={item.row}
            item={item}
            index={down.first + index + 2}
            columns={shown}
            across={across}
          />
        ))}
        <Filler size={down.after} />
      </tbody>
    </table>
  );
};

type ChartProps = Pick<Props, "profile" | "onFilter"> & { name: string };

/** What the column holds; its room is kept until that is known. */
const Chart = ({ name, profile, onFilter }: ChartProps) => {
  const column = profile?.columns.find((one) => one.name === name);
  if (!profile || !column) return <div className="chart-room" />;
  return <ColumnChart column={column} rows={profile.rows} onFilter={onFilter} />;
};

type RowProps = { item: DataRecord; index: number; columns: Column[]; across: Span };

const Row = ({ item: { row, values }, index, columns, across }: RowProps) => (
  <tr aria-rowindex={index}>
    <th scope="row" className="cell-row" aria-colindex={1}>
      {formatCount(row)}
    </th>
    <Gap size={across.before} />
    {columns.map((column, at) => (
      <td
        key={column.name}
        className={alignments[column.type]}
        aria-colindex={across.first + at + 2}
      >
        <Cell column={column.name} value={readCell(values, column.name)} />
      </td>
    ))}
    <Gap size={across.after} />
  </tr>
);

/** Stands for columns that can't be seen. */
const Gap = ({ size }: { size: number }) => (size > 0 ? <td aria-hidden="true" /> : null);

/** Stands for rows that can't be seen. */
const Filler = ({ size }: { size: number }) => (size > 0 ? <tr style={{ height: size }} /> : null);

/** A column may be called `toString`: only the row's own cells count. */
const readCell = (values: DataRecord["values"], name: string) =>
  Object.hasOwn(values, name) ? values[name] : null;
