import mongoose from "mongoose";
import type { CellValue } from "../../../protocol/datasets.ts";
import { fieldOf } from "./conditions.ts";
import type { Condition } from "./record-query.ts";
import { afterPrefix, compareStored } from "./values.ts";

const { MaxKey, MinKey } = mongoose.mongo;

type End = { value: CellValue; isIncluded: boolean };
/** A stretch of a column's index; an end that is null is the index's own. */
export type Stretch = { from: End | null; to: End | null };

/** The shortest stretch that holds every row that meets the conditions on this column; null if none can. */
export function stretchOf(key: string, conditions: Condition[]): Stretch | null {
  let from: End | null = null;
  let to: End | null = null;
  for (const condition of conditions) {
    if (condition.key !== key) continue;
    const one = stretchOfOne(condition);
    if (one.from && (!from || isTighter(one.from, from, 1))) from = one.from;
    if (one.to && (!to || isTighter(one.to, to, -1))) to = one.to;
  }
  if (!from || !to) return { from, to };
  const order = compareStored(from.value, to.value);
  return order < 0 || (order === 0 && from.isIncluded && to.isIncluded) ? { from, to } : null;
}

const included = (value: CellValue): End => ({ value, isIncluded: true });
const excluded = (value: CellValue): End => ({ value, isIncluded: false });
/** Whatever has a value comes after all rows that have none. */
const anyValue = excluded(null);

function stretchOfOne(condition: Condition): Stretch {
  switch (condition.op) {
    case "eq":
      return { from: included(condition.value), to: included(condition.value) };
    case "in": {
      const sorted = condition.value.toSorted(compareStored);
      return { from: included(sorted[0] ?? null), to: included(sorted.at(-1) ?? null) };
    }
    case "prefix": {
      const end = afterPrefix(condition.value);
      return { from: included(condition.value), to: end === null ? null : excluded(end) };
    }
    case "gt":
      return { from: excluded(condition.value), to: null };
    case "gte":
      return { from: included(condition.value), to: null };
    case "lt":
      return { from: anyValue, to: excluded(condition.value) };
    case "lte":
      return { from: anyValue, to: included(condition.value) };
    case "empty":
      return condition.value
        ? { from: included(null), to: included(null) }
        : { from: anyValue, to: null };
    default:
      return { from: anyValue, to: null };
  }
}

function isTighter(end: End, than: End, side: 1 | -1): boolean {
  const order = side * compareStored(end.value, than.value);
  return order > 0 || (order === 0 && than.isIncluded && !end.isIncluded);
}

/** Row `row`, whose cell is `value`: where the last page ended. */
export type Anchor = { value: CellValue; row: number };

/**
 * The stretch, from the anchor on, as `min` (included) and `max` (excluded) of the index of the column and
 * the row. These bound an index across types, as no condition does.
 */
export function indexBounds(key: string, stretch: Stretch, anchor: Anchor | null, isUp: boolean) {
  const place = (value: CellValue, _id: unknown) => ({ [fieldOf(key)]: value, _id });
  const { from, to } = stretch;
  const min =
    anchor && isUp
      ? place(anchor.value, anchor.row + 1)
      : from && place(from.value, from.isIncluded ? new MinKey() : new MaxKey());
  const max =
    anchor && !isUp
      ? place(anchor.value, anchor.row)
      : to && place(to.value, to.isIncluded ? new MaxKey() : new MinKey());
  return { ...(min && { min }), ...(max && { max }) };
}
