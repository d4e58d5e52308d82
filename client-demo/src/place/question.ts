import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";

/** As many conditions as the server takes at once. */
export const mostConditions = 10;

const isValue = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
const isOrdered = (value: unknown) => typeof value === "string" || typeof value === "number";
const isText = (value: unknown) => typeof value === "string";

const fits: Record<RecordCondition["op"], (value: unknown) => boolean> = {
  eq: isValue,
  ne: isValue,
  lt: isOrdered,
  lte: isOrdered,
  gt: isOrdered,
  gte: isOrdered,
  in: (value) => Array.isArray(value) && value.length > 0 && value.every(isValue),
  prefix: isText,
  contains: isText,
  empty: (value) => typeof value === "boolean",
};

/** `sort=price&order=desc`; any column name fits in. */
export const readSort = (params: URLSearchParams): RecordSort | null => {
  const column = params.get("sort");
  if (column === null) return null;
  return { column, direction: params.get("order") === "desc" ? "desc" : "asc" };
};

/** `filter=[["price","gte",5]]`; what has not that form is left out, the rest is the server's to check. */
export const readFilter = (params: URLSearchParams): RecordCondition[] => {
  try {
    const given: unknown = JSON.parse(params.get("filter") ?? "[]");
    if (!Array.isArray(given)) return [];
    return given.map(readCondition).filter((one) => one !== null);
  } catch {
    return [];
  }
};

const readCondition = (given: unknown): RecordCondition | null => {
  if (!Array.isArray(given)) return null;
  const [column, op, value] = given;
  const isOne = typeof column === "string" && typeof op === "string" && Object.hasOwn(fits, op);
  if (!isOne || !fits[op as RecordCondition["op"]](value)) return null;
  // Checked just above, in a way that the compiler can't follow.
  return { column, op, value } as RecordCondition;
};

export const writeQuestion = (
  params: URLSearchParams,
  sort: RecordSort | null,
  filter: RecordCondition[],
) => {
  if (sort) params.set("sort", sort.column);
  if (sort?.direction === "desc") params.set("order", "desc");
  if (filter.length === 0) return;
  params.set("filter", JSON.stringify(filter.map(({ column, op, value }) => [column, op, value])));
};

type Question = { sort: RecordSort | null; filter: RecordCondition[] };

/** Whether the rows are asked for as they stand in the file. */
export const isPlain = ({ sort, filter }: Question) => sort === null && filter.length === 0;

/** Tells one question from others. */
export const keyOfQuestion = ({ sort, filter }: Question) => JSON.stringify([sort, filter]);

/** What of a request says the question; nothing where there is none. */
export const toQuery = ({ sort, filter }: Question) => ({
  ...(sort && { sort }),
  ...(filter.length > 0 && { filter }),
});
