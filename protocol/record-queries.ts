import { z } from "zod";

/** The name of a column as the file has it; it is only ever looked up in the dataset's list. */
const column = z.string();
const value = z.union([z.string(), z.number(), z.boolean()]);
const ordered = z.union([z.string(), z.number()]);
const text = z
  .string()
  .refine((given) => [...given].length <= 1000, "may have 1,000 characters at most");

const condition = <Op extends string, Value extends z.ZodType>(op: Op, of: Value) =>
  z.strictObject({ column, op: z.literal(op), value: of });

/** One condition on a column; which ops and values fit is a matter of the column's type. */
export const recordCondition = z.discriminatedUnion("op", [
  condition("eq", value),
  condition("ne", value),
  condition("lt", ordered),
  condition("lte", ordered),
  condition("gt", ordered),
  condition("gte", ordered),
  condition("in", z.array(value).min(1).max(100)),
  condition("prefix", text),
  condition("contains", text),
  condition("empty", z.boolean()),
]);

/** All of them hold. */
export const recordFilter = z.array(recordCondition).max(10);

export const recordSort = z.strictObject({ column, direction: z.enum(["asc", "desc"]) });

/** What a query of records takes besides its page. */
export const recordQuery = { sort: recordSort.optional(), filter: recordFilter.optional() };

export type RecordCondition = z.infer<typeof recordCondition>;
export type RecordSort = z.infer<typeof recordSort>;
