import type { Column, DataRecord } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import { Cell } from "./cell.tsx";
import { findSpan, type Span, type Viewport } from "./viewport.ts";
import { stretch, widthsOf } from "./widths.ts";

const rowHeight = 32;

type Props = { name: string; columns: Column[]; items: DataRecord[]; viewport: Viewport };

const alignments: Partial<Record<Column["type"], string>> = {
  integer: "cell-number",
  number: "cell-number",
  json: "cell-code",
};

/** The rows of a page; only those rows and columns that can be seen are in the document. */
export const RowsTable = ({ name, columns, items, viewport }: Props) => {
  const { top, left, width, height } = viewport;
  const last = items.at(-1)?.row ?? 0;
  const rowWidth = Math.max(64, formatCount(last).length * 8 + 32);
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
            <th
              scope="col"
              key={column.name}
              className={alignments[column.type]}
              aria-colindex={across.first + index + 2}
              title={column.name}
            >
              {column.name} <small>{column.type}</small>
            </th>
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
