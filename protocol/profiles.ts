import { z } from "zod";
import { cellValue, column } from "./datasets.ts";

/** A bar counts `from <= value < to`, the last one also `value = to`; bounds of dates are instants. */
const bar = z.object({
  from: z.union([z.number(), z.string()]),
  to: z.union([z.number(), z.string()]),
  count: z.number(),
});
export type Bar = z.infer<typeof bar>;

/** What the rows hold in one column; texts in it are cut at 200 characters. */
const profiledColumn = z.object({
  ...column.shape,
  nulls: z.number(),
  distinct: z.object({ count: z.number(), exact: z.boolean() }),
  min: cellValue,
  max: cellValue,
  /** of numbers, else null */
  mean: z.number().nullable(),
  /** the most frequent values, at most 10; lower bounds where `distinct` isn't exact */
  top: z.array(z.object({ value: cellValue, count: z.number() })),
  /** of numbers and dates, else empty */
  histogram: z.array(bar),
});
export type ProfiledColumn = z.infer<typeof profiledColumn>;

/** `version` is the dataset's when the rows were read, `rows` how many these were. */
export const profile = z.object({
  version: z.number(),
  rows: z.number(),
  columns: z.array(profiledColumn),
});
export type Profile = z.infer<typeof profile>;
