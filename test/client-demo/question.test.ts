import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { readFilter, readSort, writeQuestion } from "../../client-demo/src/place/question.ts";
import { readConditions } from "../../client-demo/src/question/read-conditions.ts";
import { type Ask, asksOf, describeFilter } from "../../client-demo/src/question/words.ts";
import { type ColumnType, columnTypes } from "../../protocol/datasets.ts";
import { recordFilter, recordSort } from "../../protocol/record-queries.ts";

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((one) => !Object.is(one, -0));
const value = fc.oneof(text, number, fc.boolean());
const condition = fc.oneof(
  fc.record({ column: text, op: fc.constantFrom("eq", "ne"), value }),
  fc.record({
    column: text,
    op: fc.constantFrom("lt", "lte", "gt", "gte"),
    value: fc.oneof(text, number),
  }),
  fc.record({
    column: text,
    op: fc.constant("in"),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ column: text, op: fc.constantFrom("prefix", "contains"), value: text }),
  fc.record({ column: text, op: fc.constant("empty"), value: fc.boolean() }),
);
const sort = fc.record({ column: text, direction: fc.constantFrom("asc", "desc") });

it("comes back from an address as it was, whatever the columns are called", () => {
  fc.assert(
    fc.property(fc.option(sort), fc.array(condition, { maxLength: 10 }), (order, conditions) => {
      const given = recordFilter.parse(conditions);
      const by = order && recordSort.parse(order);
      const params = new URLSearchParams();

      writeQuestion(params, by, given);
      const back = new URLSearchParams(params.toString());

      expect(readFilter(back)).toEqual(given);
      expect(readSort(back)).toEqual(by);
    }),
  );
});

it.each([
  "nonsense",
  "{}",
  "[1]",
  '[["a","eq",null]]',
  '[["a","in",[]]]',
  '[["a","toString",1]]',
  '[["a","empty","x"]]',
])("leaves out of an address what is no filter: %s", (filter) => {
  expect(readFilter(new URLSearchParams({ filter }))).toEqual([]);
});

const nothing = { value: "", least: "", most: "" };

it.each<[ColumnType, Ask, Partial<typeof nothing>, string]>([
  ["string", "contains", { value: "os" }, "c contains “os”"],
  ["string", "prefix", { value: "O" }, "c starts with “O”"],
  ["string", "eq", { value: " Oslo" }, "c is “ Oslo”"],
  ["number", "eq", { value: "-1,500.25" }, "c is -1500.25"],
  ["integer", "range", { least: "2", most: "1e3" }, "c at least 2 and c at most 1000"],
  ["integer", "range", { most: "5" }, "c at most 5"],
  ["date", "range", { least: "2025-01-01" }, "c from 2025-01-01"],
  ["date", "range", { most: "2025-01-31" }, "c up to 2025-01-31"],
  ["date", "eq", { value: "2025-01-31 14:05" }, "c is 2025-01-31 14:05"],
  ["boolean", "false", {}, "c is false"],
  ["json", "filled", {}, "c is not empty"],
  ["json", "empty", {}, "c is empty"],
])("takes of a %s column %s %j: %s", (type, ask, typed, words) => {
  const { conditions, errors } = readConditions({ name: "c", type }, ask, { ...nothing, ...typed });

  expect(errors).toEqual({});
  expect(describeFilter(conditions)).toBe(words);
  expect(recordFilter.safeParse(conditions).success).toBe(true);
});

it("takes a day as the end of a range with all of its times", () => {
  const typed = { ...nothing, most: "2025-01-31" };

  const { conditions } = readConditions({ name: "sent", type: "date" }, "range", typed);

  expect(conditions).toEqual([{ column: "sent", op: "lte", value: "2025-01-31T23:59:59.999Z" }]);
});

it.each<[ColumnType, Ask, Partial<typeof nothing>, object]>([
  ["string", "contains", {}, { value: "Type some text, or ask for empty cells" }],
  ["integer", "eq", { value: "1,5" }, { value: "A number looks like 12 or -3.5" }],
  ["number", "range", { least: "many" }, { least: "A number looks like 12 or -3.5" }],
  ["number", "range", {}, { least: "Give one end at least" }],
  ["number", "range", { least: "2", most: "1" }, { most: "This end lies before the other" }],
  [
    "date",
    "eq",
    { value: "2025-02-30" },
    { value: "A day looks like 2025-03-31, a time like 2025-03-31 14:05" },
  ],
])("says of a %s column, %s %j, what is wrong with it", (type, ask, typed, errors) => {
  const read = readConditions({ name: "c", type }, ask, { ...nothing, ...typed });

  expect(read.errors).toEqual(errors);
});

it("offers every type of column something that can be asked of it", () => {
  const offered = columnTypes.map((type) => asksOf(type).length);

  expect(Math.min(...offered)).toBeGreaterThan(1);
});
