import type { CellValue, Column, DataRecord } from "../../../protocol/datasets.ts";
import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";

export type Query = { sort?: RecordSort; filter?: RecordCondition[] };

/** The rows that a query has to show, in order, by nothing but plain arrays. */
export function rowsOf(
  all: DataRecord[],
  columns: Column[],
  { sort, filter = [] }: Query,
): number[] {
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type;
  const found = all.filter(({ values }) =>
    filter.every((condition) => {
      const isDate = typeOf(condition.column) === "date";
      return meets(values[condition.column] ?? null, isDate ? withDates(condition) : condition);
    }),
  );
  const sign = sort?.direction === "desc" ? -1 : 1;
  const cell = ({ values }: DataRecord) => (sort && values[sort.column]) ?? null;
  found.sort((a, b) => sign * (compareCells(cell(a), cell(b)) || a.row - b.row));
  return found.map(({ row }) => row);
}

function compareCells(a: CellValue, b: CellValue): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === "string" && typeof b === "string") return comparePoints([...a], [...b]);
  return Number(a) - Number(b);
}

function comparePoints(a: string[], b: string[]): number {
  const i = a.findIndex((point, at) => point !== b[at]);
  if (i < 0) return a.length - b.length;
  return (a[i]?.codePointAt(0) ?? -1) - (b[i]?.codePointAt(0) ?? -1);
}

function meets(cell: CellValue, { op, value }: RecordCondition): boolean {
  if (op === "empty") return (cell === null) === value;
  if (cell === null) return false;
  const text = String(cell);
  switch (op) {
    case "eq":
      return cell === value;
    case "ne":
      return cell !== value;
    case "in":
      return value.includes(cell);
    case "prefix":
      return text.startsWith(value);
    case "contains":
      return new RegExp([...value].map(spell).join(""), "iu").test(text);
    default: {
      const order = compareCells(cell, value);
      return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op];
    }
  }
}

const spell = (point: string) => `\\u{${point.codePointAt(0)?.toString(16)}}`;

function withDates(condition: RecordCondition): RecordCondition {
  const { value } = condition;
  const dated = Array.isArray(value) ? value.map(toDate) : toDate(value);
  return { ...condition, value: dated } as RecordCondition;
}

/** ISO 8601 in UTC; a day alone stays a day. */
function toDate(value: unknown): unknown {
  if (typeof value !== "string" || value.length === 10) return value;
  const hasZone = /Z$|[+-]\d\d:\d\d$/.test(value);
  return new Date(value.replace(" ", "T") + (hasZone ? "" : "Z")).toISOString();
}
