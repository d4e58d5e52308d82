import { type ReactNode, useId } from "react";
import type { Column } from "../../../protocol/datasets.ts";
import type { RecordSort } from "../../../protocol/record-queries.ts";

type Props = {
  column: Column;
  className: string | undefined;
  colIndex: number;
  sort: RecordSort | null;
  onSort: (sort: RecordSort | null) => void;
  /** stands under the name */
  children?: ReactNode;
};

const spoken = { asc: "ascending", desc: "descending" } as const;

/** The head of a column; a click or Enter sorts by it: ascending, descending, not at all. */
export const HeaderCell = ({ column, className, colIndex, sort, onSort, children }: Props) => {
  const id = useId();
  const { name, type } = column;
  const direction = sort?.column === name ? sort.direction : null;
  const words = (
    <>
      <span className="head-name">{name}</span> <small>{type}</small>
    </>
  );
  return (
    <th
      scope="col"
      className={className}
      aria-colindex={colIndex}
      aria-labelledby={id}
      {...(direction && { "aria-sort": spoken[direction] })}
    >
      {type === "json" ? (
        <span id={id} className="head" title={name}>
          {words}
        </span>
      ) : (
        <button
          id={id}
          type="button"
          className="head"
          title={`${name}: ${hintOf(direction)}`}
          onClick={() => onSort(nextSort(name, direction))}
        >
          {words}
          <Arrow direction={direction} />
        </button>
      )}
      {children}
    </th>
  );
};

type Direction = RecordSort["direction"] | null;

const nextSort = (column: string, direction: Direction): RecordSort | null => {
  if (direction === "desc") return null;
  return { column, direction: direction === null ? "asc" : "desc" };
};

const hintOf = (direction: Direction) => {
  if (direction === null) return "sort ascending";
  return direction === "asc" ? "sort descending" : "back to the order of the file";
};

const paths = { asc: "M5 2 9 8H1z", desc: "M5 8 1 2h8z", none: "M5 1 8 4H2zM5 9 2 6h6z" };

const Arrow = ({ direction }: { direction: Direction }) => (
  <svg
    className={direction ? "head-arrow head-arrow-on" : "head-arrow"}
    viewBox="0 0 10 10"
    width="10"
    height="10"
    aria-hidden="true"
  >
    <path d={paths[direction ?? "none"]} fill="currentColor" />
  </svg>
);
