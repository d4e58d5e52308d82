import { expect, it } from "@jest/globals";
import { findGuilty } from "../../client-demo/src/table/guilty.ts";
import type { RejectCode } from "../../protocol/datasets.ts";

const columns = ["id", "price", "note"].map((name) => ({ name, type: "string" as const }));
const csv = { columns, format: "csv" as const };
const ndjson = { columns, format: "ndjson" as const };

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
  ["bytes that are no text", "encoding", "Not valid UTF-8", "1,caf\uFFFD,x", "\uFFFD"],
  ["a whole row that is no JSON", "json", "Not valid JSON", "{a:1}", "{a:1}"],
  ["a whole row that is too large", "too_large", "Larger than 1 MiB", "a,bcd", "a,bcd"],
  ["a whole row where nothing stands out", "quote", "…", "no quote at all", "no quote at all"],
  ["a whole row that can't be split", "column_count", "4 cells instead of 3", "a", "a"],
] as const)("marks %s", (_what, code, message, raw, guilty) => {
  const found = findGuilty(reject(code, message, raw), csv);

  expect(found.guilty).toBe(guilty);
  expect(`${found.before}${found.guilty}${found.after}`).toBe(raw);
});

it("says at the end of a row how many of its cells are missing", () => {
  const rows = [reject("column_count", "1 cell instead of 3", "a")];
  rows.push(reject("column_count", "2 cells instead of 3", "a,b"));

  const found = rows.map((one) => findGuilty(one, csv));

  expect(found.map(({ missing }) => missing)).toEqual(["2 cells missing", "1 cell missing"]);
  expect(found.map(({ before }) => before)).toEqual(["a", "a,b"]);
});

it("writes out a NUL, which could not be seen", () => {
  const found = findGuilty(reject("encoding", "Holds a NUL character", "1,\0\0,2"), csv);

  expect(found).toEqual({ before: "1,", guilty: "\\0\\0", after: ",2" });
});

it.each([
  ["of a CSV row", csv, "1,abc,x", "abc"],
  ["behind a quoted delimiter", csv, '"1,2",abc,x', "abc"],
  ["with quotes", csv, '1,"a,b",x', '"a,b"'],
  ["of an object", ndjson, '{"id":{"price":7},"price": [1, "}"] ,"note":2}', '[1, "}"]'],
  ["of a name that is written otherwise", ndjson, '{"pr\\u0069ce":"abc"}', '"abc"'],
  ["of a name that stands there twice", ndjson, '{"price":1,"price":"x"}', '"x"'],
  ["in a row that was cut", csv, "1,ab", "1,ab"],
] as const)(
  "marks the one cell that isn't of its declared type, %s",
  (_what, source, raw, guilty) => {
    const found = findGuilty({ ...reject("type", "Not a number", raw), column: "price" }, source);

    expect(found.guilty).toBe(guilty);
    expect(`${found.before}${found.guilty}${found.after}`).toBe(raw);
  },
);
