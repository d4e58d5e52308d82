import type { ColumnType } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";
import { formatCount, formatCounted } from "../format.ts";

type Op = RecordCondition["op"];

const comparisons = { lt: "under", lte: "at most", gt: "over", gte: "at least" };
const moments = { lt: "before", lte: "up to", gt: "after", gte: "from" };

/** How a day's last instant is asked for, so that "up to" a day takes in all of it. */
export const endOfDay = "T23:59:59.999Z";

const looksLikeDate = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value);

const quote = (value: unknown) => (typeof value === "string" ? `“${value}”` : String(value));

/** A condition as words that follow "where": `price at least 5`, `city contains “os”`. */
export const describeCondition = (condition: RecordCondition): string => {
  const { column, op, value } = condition;
  switch (op) {
    case "empty":
      return `${column} is ${value ? "" : "not "}empty`;
    case "eq":
    case "ne":
      return `${column} is ${op === "ne" ? "not " : ""}${looksLikeDate(value) ? value : quote(value)}`;
    case "in":
      return `${column} is one of ${value.map(quote).join(", ")}`;
    case "prefix":
      return `${column} starts with ${quote(value)}`;
    case "contains":
      return `${column} contains ${quote(value)}`;
    default:
      return looksLikeDate(value)
        ? `${column} ${moments[op]} ${String(value).replace(endOfDay, "")}`
        : `${column} ${comparisons[op]} ${value}`;
  }
};

export const describeFilter = (filter: RecordCondition[]) =>
  filter.map(describeCondition).join(" and ");

export const describeSort = ({ column, direction }: RecordSort) =>
  `${column}, ${direction === "asc" ? "ascending" : "descending"}`;

/** What can be asked of a column, in words; `range` is at least, at most or both. */
export type Ask = Op | "range" | "filled" | "true" | "false";

const emptiness: [Ask, string][] = [
  ["empty", "is empty"],
  ["filled", "is not empty"],
];
const equality: [Ask, string][] = [
  ["eq", "is exactly"],
  ["ne", "is not"],
];

/** The conditions that suit a column's type, the likeliest first. */
export const asksOf = (type: ColumnType): [Ask, string][] => {
  switch (type) {
    case "string":
      return [["contains", "contains"], ["prefix", "starts with"], ...equality, ...emptiness];
    case "boolean":
      return [["true", "is true"], ["false", "is false"], ...emptiness];
    case "json":
      return emptiness;
    default:
      return [["range", "is between"], ...equality, ...emptiness];
  }
};

/** Whether one has to say what to compare with. */
export const takesValue = (ask: Ask) => !["empty", "filled", "true", "false"].includes(ask);

type Question = { sort: RecordSort | null; filter: RecordCondition[] };
type Total = Page<unknown>["total"];

/** `12 of 1,000,000`, or `at least 10,000 of 1,000,000`. */
export const describeTotal = ({ count, exact }: Total, all: number) =>
  `${exact ? "" : "at least "}${formatCount(count)} of ${formatCount(Math.max(all, count))}`;

/** What is shown, as one sentence: `12 of 40 rows, filtered by …, sorted by …`. */
export const describeQuestion = ({ sort, filter }: Question, total: Total, all: number) => {
  const isFiltered = filter.length > 0;
  const parts = [isFiltered ? `${describeTotal(total, all)} rows` : formatCounted(all, "row")];
  if (isFiltered) parts.push(`filtered by ${describeFilter(filter)}`);
  parts.push(sort ? `sorted by ${describeSort(sort)}` : "in the order of the file");
  return parts.join(", ");
};
