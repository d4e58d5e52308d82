import { expect, it } from "@jest/globals";
import { filterOfBar, filterOfValue } from "../../client-demo/src/profile/bar-filter.ts";
import { formatShare, summarise } from "../../client-demo/src/profile/words.ts";
import type { ProfiledColumn } from "../../protocol/profiles.ts";

const column = (part: Partial<ProfiledColumn>): ProfiledColumn => ({
  name: "c",
  type: "string",
  nulls: 0,
  distinct: { count: 3, exact: true },
  min: null,
  max: null,
  mean: null,
  top: [],
  histogram: [],
  ...part,
});
const bars = [{ from: 1, to: 20_500, count: 5 }];

it.each([
  ["3 values", column({}), 10],
  ["1 value · 50 % empty", column({ nulls: 5, distinct: { count: 1, exact: true } }), 10],
  ["all different", column({ distinct: { count: 10, exact: true } }), 10],
  ["about 50,000 values", column({ distinct: { count: 50_000, exact: false } }), 90_000],
  ["all empty", column({ nulls: 10, distinct: { count: 0, exact: true } }), 10],
  ["1 – 20.5K", column({ type: "number", min: 1, max: 20_500, histogram: bars }), 10],
  [
    "2025-01-01 – 2025-12-31 · < 0.1 % empty",
    column({
      type: "date",
      nulls: 1,
      min: "2025-01-01",
      max: "2025-12-31T10:00:00.000Z",
      histogram: bars,
    }),
    5_000,
  ],
])("says in a line what a column holds: %s", (words, given, rows) => {
  expect(summarise(given, rows)).toBe(words);
});

it.each([
  [0, 10, "0 %"],
  [1, 8, "12.5 %"],
  [9_999, 10_000, "> 99.9 %"],
  [10, 10, "100 %"],
])("says what share %d of %d is: %s", (part, whole, words) => {
  expect(formatShare(part, whole)).toBe(words);
});

it("filters by what a bar counts: up to its end, but the last one with it", () => {
  const numbers = { from: 1, to: 2, count: 3 };
  const days = { from: "2025-01-01T00:00:00.000Z", to: "2025-01-03T00:00:00.000Z", count: 3 };

  const found = [false, true].flatMap((isLast) => [
    filterOfBar("c", numbers, isLast),
    filterOfBar("c", days, isLast),
  ]);

  expect(found.map((one) => one.map(({ op, value }) => `${op} ${value}`))).toEqual([
    ["gte 1", "lt 2"],
    ["gte 2025-01-01", "lt 2025-01-03"],
    ["gte 1", "lte 2"],
    ["gte 2025-01-01", "lte 2025-01-03T23:59:59.999Z"],
  ]);
});

it("filters by a common value, by the beginning of one that was cut, and not by json", () => {
  const cut = "x".repeat(200);

  expect(filterOfValue("c", "string", "Oslo")).toMatchObject({ op: "eq", value: "Oslo" });
  expect(filterOfValue("c", "string", cut)).toMatchObject({ op: "prefix", value: cut });
  expect(filterOfValue("c", "boolean", null)).toMatchObject({ op: "empty", value: true });
  expect(filterOfValue("c", "json", "{}")).toBeNull();
});
