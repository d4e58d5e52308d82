import { expect } from "@jest/globals";
import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";

const placeOf = (type: ColumnType, value: unknown) =>
  type === "date" ? Date.parse(String(value)) : Number(value) + 0;

/** Whether the bars are twenty in a row from the least to the greatest, and count what lies within their bounds. */
export function expectBars(type: ColumnType, cells: CellValue[], bars: object[]): void {
  const values = cells.filter((cell) => cell !== null).map((cell) => placeOf(type, cell));
  const spans = (bars as { from: unknown; to: unknown; count: number }[]).map((bar) => ({
    from: placeOf(type, bar.from),
    to: placeOf(type, bar.to),
    count: bar.count,
  }));
  const isLast = (i: number) => i === spans.length - 1;
  const counted = spans.map(
    ({ from, to }, i) =>
      values.filter((value) => value >= from && (isLast(i) ? value <= to : value < to)).length,
  );
  expect(spans.map(({ count }) => count)).toEqual(counted);
  expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(values.length);
  expect(spans.at(0)?.from).toBe(values.length > 0 ? Math.min(...values) : undefined);
  expect(spans.at(-1)?.to).toBe(values.length > 0 ? Math.max(...values) : undefined);
}
