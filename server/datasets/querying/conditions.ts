import type { CellValue } from "../../../protocol/datasets.ts";
import type { Condition } from "./record-query.ts";
import { afterPrefix } from "./values.ts";

/** Where a column's cells are; `key` is ours (`c0`, `c1`, …), never a name out of a file. */
export const fieldOf = (key: string): string => `c.${key}`;

/** MongoDB's form of conditions that all hold; an empty cell is missing or null and meets `empty` alone. */
export const toMatch = (conditions: Condition[]): object =>
  conditions.length === 0 ? {} : { $and: conditions.map(matchOne) };

function matchOne(condition: Condition): object {
  return { [fieldOf(condition.key)]: operatorOf(condition) };
}

function operatorOf(condition: Condition): object {
  switch (condition.op) {
    case "eq":
      return { $eq: condition.value };
    case "ne":
      return { $nin: [condition.value, null] };
    case "in":
      return { $in: condition.value };
    case "prefix": {
      const end = afterPrefix(condition.value);
      return { $gte: condition.value, ...(end !== null && { $lt: end }) };
    }
    case "contains":
      return containing(condition.value);
    case "empty":
      return condition.value ? { $eq: null } : { $ne: null };
    default:
      return { [`$${condition.op}`]: condition.value };
  }
}

/**
 * Case doesn't count by simple case folding (Unicode, CaseFolding.txt, one code point for one): `É` is `é`, but
 * `ß` isn't `SS`. Characters of the same look in different normal forms are different texts.
 */
function containing(text: string): object {
  return { $regex: text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"), $options: "i" };
}

/** The condition for what comes after row `row`, whose cell is `value`, in the order that is walked. */
export function matchBeyond(key: string, value: CellValue, row: number, isUp: boolean): object {
  const field = fieldOf(key);
  const _id = isUp ? { $gt: row } : { $lt: row };
  // Comparisons stay within a type: rows without a value have to be named.
  if (value === null)
    return isUp ? { $or: [{ [field]: { $ne: null } }, { _id }] } : { [field]: null, _id };
  const ties = { [field]: value, _id };
  return isUp
    ? { $or: [{ [field]: { $gt: value } }, ties] }
    : { $or: [{ [field]: { $lt: value } }, { [field]: null }, ties] };
}
