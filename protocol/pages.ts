import { z } from "zod";

export const defaultPageSize = 50;
export const largestPageSize = 200;

/** A page size: at least 1; what is above the largest is taken as the largest. */
const limit = z
  .number()
  .refine(Number.isInteger, "must be a whole number")
  .min(1)
  .transform((n) => Math.min(n, largestPageSize));

/** Whatever isn't one of ours is `cursor_invalid`, not `validation_failed`. */
const cursor = z.string();

/** What every page query takes besides its own fields. */
export const pageQuery = { limit: limit.optional(), cursor: cursor.optional() };

/** Shape of a page. `version` is there where the items belong to one dataset. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    total: z.object({ count: z.number(), exact: z.boolean() }),
    version: z.number().optional(),
  });

export type Page<T> = {
  items: T[];
  next: string | null;
  previous: string | null;
  total: { count: number; exact: boolean };
  version?: number;
};
