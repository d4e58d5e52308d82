import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";
import type { Bar } from "../../../protocol/profiles.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { endOfDay } from "../question/words.ts";

const midnight = /T00:00:00(\.000)?Z$/;

/** A day alone comes right before its first instant, so bounds at midnight are asked for as days. */
const toBound = (value: number | string) =>
  typeof value === "string" ? value.replace(midnight, "") : value;

/** The rows that a bar of the histogram counts. */
export const filterOfBar = (
  column: string,
  { from, to }: Bar,
  isLast: boolean,
): RecordCondition[] => {
  const most = toBound(to);
  const isDay = typeof most === "string" && most.length === 10;
  const least: RecordCondition = { column, op: "gte", value: toBound(from) };
  if (!isLast) return [least, { column, op: "lt", value: most }];
  return [least, { column, op: "lte", value: isDay ? most + endOfDay : most }];
};

/** Texts in a profile are cut there. */
const longestText = 200;

/** The rows with one of the commonest values; null where none can be asked for. */
export const filterOfValue = (
  column: string,
  type: ColumnType,
  value: CellValue,
): RecordCondition | null => {
  if (value === null) return { column, op: "empty", value: true };
  if (type === "json") return null;
  const isCut = typeof value === "string" && value.length >= longestText;
  return { column, op: isCut ? "prefix" : "eq", value } as RecordCondition;
};
