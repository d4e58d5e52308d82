import type { CellValue } from "../../../protocol/datasets.ts";
import type { ProfiledColumn } from "../../../protocol/profiles.ts";
import { formatCount } from "../format.ts";

const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const rounded = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

const day = /^\d{4}-\d\d-\d\d/;

/** A value in little room: `1.2M`, `2025-03-01`. */
export const formatShort = (value: CellValue): string => {
  if (typeof value === "number")
    return Math.abs(value) < 10_000 ? String(Number(value.toPrecision(4))) : short.format(value);
  const text = String(value);
  return day.exec(text)?.[0] ?? text;
};

export const formatMean = (mean: number) => rounded.format(mean);

/** `12.5 %`; what is there is never said to be 0 %. */
export const formatShare = (part: number, whole: number): string => {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "< 0.1 %";
  return `${percent > 99.9 && part < whole ? "> 99.9" : Number(percent.toFixed(1))} %`;
};

export const formatDistinct = ({ distinct }: ProfiledColumn) =>
  `${distinct.exact ? "" : "about "}${formatCount(distinct.count)}`;

/** The line under a column's chart. */
export const summarise = (column: ProfiledColumn, rows: number): string => {
  const { min, max, nulls, distinct, histogram } = column;
  if (rows > 0 && nulls === rows) return "all empty";
  const isRange = histogram.length > 0 && min !== null && max !== null;
  const isUnique = distinct.exact && distinct.count > 1 && distinct.count === rows - nulls;
  const values = distinct.count === 1 ? "1 value" : `${formatDistinct(column)} values`;
  const what = isUnique ? "all different" : values;
  const parts = [isRange ? `${formatShort(min)} – ${formatShort(max)}` : what];
  if (nulls > 0) parts.push(`${formatShare(nulls, rows)} empty`);
  return parts.join(" · ");
};
