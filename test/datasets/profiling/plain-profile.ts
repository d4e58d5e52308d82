import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";
import { compareStored } from "../../../server/datasets/querying/values.ts";

const isNumeric = (type: ColumnType) => type === "integer" || type === "number";

/** What a profile says of a column, computed from all its cells at once; `top` names rows (from 1 on). */
export function profilePlainly(type: ColumnType, cells: CellValue[]) {
  // -0 is 0.
  const filled = cells.filter((cell) => cell !== null).map((cell) => (cell === 0 ? 0 : cell));
  const sorted = filled.toSorted(compareStored);
  const counts = new Map<CellValue, number>();
  for (const cell of filled) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  // A map keeps the order in which its keys came, a sort that of equals.
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, 10);
  return {
    nulls: cells.length - filled.length,
    distinct: { count: counts.size, exact: true },
    min: shown(sorted[0] ?? null),
    max: shown(sorted.at(-1) ?? null),
    mean: isNumeric(type) && filled.length > 0 ? meanOf(filled.map(Number)) : null,
    top: top.map(([value, count]) => ({ row: cells.indexOf(value) + 1, count })),
  };
}

/** Of a text its first 200 characters. */
const shown = (cell: CellValue) =>
  typeof cell === "string" ? [...cell].slice(0, 200).join("") : cell;

/** By steps, so that no sum leaves what a double can hold. */
const meanOf = (numbers: number[]): number =>
  numbers.reduce((mean, value, i) => mean + (value / (i + 1) - mean / (i + 1)), 0);
