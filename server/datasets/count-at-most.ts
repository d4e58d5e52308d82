import type { Page } from "../../protocol/pages.ts";
import { isQueryTimeout } from "../errors.ts";

export const longestQueryMs = 5000;
const countLimit = 10_000;
const longestCountMs = 500;

/** Counts up to 10,000 and for 500 ms; beyond either the count is a lower bound. */
export async function countAtMost(
  count: (most: number, ms: number) => PromiseLike<number>,
): Promise<Page<unknown>["total"]> {
  try {
    const found = await count(countLimit + 1, longestCountMs);
    return { count: Math.min(found, countLimit), exact: found <= countLimit };
  } catch (err) {
    if (isQueryTimeout(err)) return { count: 0, exact: false };
    throw err;
  }
}
