import type { Column, ColumnType } from "../../../protocol/datasets.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { type Ask, endOfDay } from "./words.ts";

/** What someone typed: a value, or the two ends of a range. */
export type Typed = { value: string; least: string; most: string };
export type TypedErrors = Partial<Record<keyof Typed, string>>;

type Read = { conditions: RecordCondition[]; errors: TypedErrors };

/** The conditions that were meant, or what is wrong with what was typed, in words. */
export const readConditions = ({ name, type }: Column, ask: Ask, typed: Typed): Read => {
  const one = (condition: RecordCondition): Read => ({ conditions: [condition], errors: {} });
  switch (ask) {
    case "empty":
    case "filled":
      return one({ column: name, op: "empty", value: ask === "empty" });
    case "true":
    case "false":
      return one({ column: name, op: "eq", value: ask === "true" });
    case "range":
      return readRange(name, type, typed);
    default: {
      const value = readValue(type, typed.value);
      if (typeof value === "object") return { conditions: [], errors: { value: value.error } };
      // The offered conditions fit the type of the column, and so does the value.
      return one({ column: name, op: ask, value } as RecordCondition);
    }
  }
};

const readRange = (column: string, type: ColumnType, { least, most }: Typed): Read => {
  const errors: TypedErrors = {};
  const conditions: RecordCondition[] = [];
  const take = (op: "gte" | "lte", end: "least" | "most", text: string) => {
    if (text.trim() === "") return;
    const value = readValue(type, text);
    if (typeof value === "object") errors[end] = value.error;
    else if (typeof value !== "boolean") conditions.push({ column, op, value });
  };
  take("gte", "least", least);
  const isDay = type === "date" && /^\d{4}-\d\d-\d\d$/.test(most.trim());
  take("lte", "most", isDay ? most.trim() + endOfDay : most);
  if (conditions.length === 0 && Object.keys(errors).length === 0)
    errors.least = "Give one end at least";
  const [from, to] = conditions;
  const isBackwards =
    from?.op === "gte" && to?.op === "lte" && from.value > to.value && type !== "date";
  if (isBackwards) errors.most = "This end lies before the other";
  return { conditions, errors };
};

/** As the page writes numbers: commas, if any, between thousands. */
const number = /^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?$/;
const moment = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** A value for a column of this type as the protocol has it, or why it is none. */
const readValue = (type: ColumnType, text: string): string | number | { error: string } => {
  if (type === "string") {
    if (text === "") return { error: "Type some text, or ask for empty cells" };
    return [...text].length > 1_000 ? { error: "1,000 characters at most" } : text;
  }
  const given = text.trim();
  if (type === "date") {
    const isMoment = moment.test(given) && isRealDay(given.slice(0, 10));
    return isMoment
      ? given
      : { error: "A day looks like 2025-03-31, a time like 2025-03-31 14:05" };
  }
  const value = Number(given.replaceAll(",", ""));
  const isNumber = number.test(given) && Number.isFinite(value);
  return isNumber ? value : { error: "A number looks like 12 or -3.5" };
};

/** `2025-02-30` would be taken as a day in March. */
const isRealDay = (day: string) => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};
