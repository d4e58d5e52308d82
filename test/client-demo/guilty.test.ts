import { expect, it } from "@jest/globals";
import { findGuilty } from "../../client-demo/src/table/guilty.ts";
import type { RejectCode } from "../../protocol/datasets.ts";

const reject = (code: RejectCode, message: string, raw: string) => ({
  row: 1,
  line: 2,
  code,
  message,
  raw,
});

it.each([
  ["cells beyond the header's", "column_count", "4 cells instead of 2", "a,b,c,d", ",c,d"],
  ["such cells behind quotes", "column_count", "3 cells instead of 2", '"a,😀",b,c', ",c"],
  ["such cells of another delimiter", "column_count", "3 cells instead of 2", "a,x;b;c", ";c"],
  ["text behind a closing quote", "quote", "Text follows a closing quote", 'x,"a""b"c,d', "c"],
  ["a quote that stays open", "quote", "A quoted cell is never closed", 'x,"abc', '"abc'],
] as const)("marks %s", (_what, code, message, raw, guilty) => {
  const found = findGuilty(reject(code, message, raw));

  expect(found?.guilty).toBe(guilty);
  expect(`${found?.before}${found?.guilty}${found?.after}`).toBe(raw);
});

it("marks nothing where no place stands out", () => {
  expect(findGuilty(reject("column_count", "1 cell instead of 3", "a"))).toBeNull();
  expect(findGuilty(reject("encoding", "Not valid UTF-8", "a"))).toBeNull();
  expect(findGuilty(reject("quote", "…", "no quote at all"))).toBeNull();
});
