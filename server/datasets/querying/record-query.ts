import { createHash } from "node:crypto";
import type { CellValue } from "../../../protocol/datasets.ts";
import type { FieldError } from "../../../protocol/errors.ts";
import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";
import { invalid } from "../../input.ts";
import type { PlannedColumn } from "../parsing/seam.ts";
import { toStored } from "./values.ts";

/** A condition on a column by its key, with values as the column stores them. */
export type Condition = {
  key: string;
  /** whether an index of the column can serve it; `json` columns hold whole texts */
  isIndexable: boolean;
} & (
  | { op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte"; value: CellValue }
  | { op: "in"; value: CellValue[] }
  | { op: "prefix" | "contains"; value: string }
  | { op: "empty"; value: boolean }
);

/** What is asked of a dataset's records, checked against its columns. */
export type RecordQuery = {
  sort: { key: string; isAscending: boolean } | null;
  conditions: Condition[];
  /** tells this query from all others; empty when there's neither sort nor filter */
  fingerprint: string;
};

export type RecordQueryRequest = {
  sort?: RecordSort | undefined;
  filter?: RecordCondition[] | undefined;
};

/** Names what fits no column or not its type; a column's name serves for nothing but to find it. */
export function readRecordQuery(
  columns: PlannedColumn[],
  { sort, filter = [] }: RecordQueryRequest,
): RecordQuery {
  const errors: FieldError[] = [];
  const refuse = (path: string, message: string) => {
    errors.push({ path, message });
    return null;
  };
  const find = (name: string, path: string) =>
    columns.find((one) => one.name === name) ?? refuse(`${path}.column`, "is no column");

  const conditions = filter.map((given, i): Condition | null => {
    const path = `filter.${i}`;
    const column = find(given.column, path);
    return (
      column && readCondition(column, given, (field, message) => refuse(path + field, message))
    );
  });
  const by = sort ? find(sort.column, "sort") : null;
  if (by?.type === "json") refuse("sort.column", "can't be sorted by: it holds json");
  if (errors.length > 0) throw invalid(errors);
  return {
    sort: by && { key: by.key, isAscending: sort?.direction === "asc" },
    conditions: conditions.filter((one) => one !== null),
    fingerprint: fingerprintOf({ sort, filter }),
  };
}

function readCondition(
  { key, type }: PlannedColumn,
  given: RecordCondition,
  refuse: (field: string, message: string) => null,
): Condition | null {
  const column = { key, isIndexable: type !== "json" };
  if (given.op === "empty") return { ...column, op: given.op, value: given.value };
  if (type === "json") return refuse(".op", "json columns know only empty");
  const mismatch = () => refuse(".value", `is no ${type}`);
  switch (given.op) {
    case "prefix":
    case "contains":
      return type === "string"
        ? { ...column, op: given.op, value: given.value }
        : refuse(".op", `${given.op} is for strings, the column holds ${type}`);
    case "in": {
      const value = given.value.map((one) => toStored(type, one));
      return value.includes(null) ? mismatch() : { ...column, op: given.op, value };
    }
    default: {
      const isOrder = given.op !== "eq" && given.op !== "ne";
      if (isOrder && type === "boolean") return refuse(".op", `${given.op} is not for booleans`);
      const value = toStored(type, given.value);
      return value === null ? mismatch() : { ...column, op: given.op, value };
    }
  }
}

/** Tells a query from all others; empty without sort and filter. Schemas give keys in one order. */
export function fingerprintOf({ sort, filter = [] }: RecordQueryRequest): string {
  if (!sort && filter.length === 0) return "";
  return createHash("sha256")
    .update(JSON.stringify([sort ?? null, filter]))
    .digest("base64url");
}
