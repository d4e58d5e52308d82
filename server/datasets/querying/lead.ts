import type { Condition, RecordQuery } from "./record-query.ts";

/** The column whose index narrows a query's rows best; `isPoints`: to rows of one value or a few. */
export type Lead = { key: string; isPoints: boolean };

/** Points before ranges, the sorted column before others, else the first; null if no index would help. */
export function leadOf({ sort, conditions }: RecordQuery): Lead | null {
  const useful = conditions.filter((one) => one.isIndexable && (isPoint(one) || isRange(one)));
  const points = useful.filter(isPoint);
  const best = points.length > 0 ? points : useful;
  const chosen = best.find(({ key }) => key === sort?.key) ?? best[0];
  return chosen ? { key: chosen.key, isPoints: points.length > 0 } : null;
}

const isPoint = ({ op, value }: Condition): boolean =>
  op === "eq" || op === "in" || (op === "empty" && value);

const isRange = ({ op }: Condition): boolean =>
  op === "lt" || op === "lte" || op === "gt" || op === "gte" || op === "prefix";
