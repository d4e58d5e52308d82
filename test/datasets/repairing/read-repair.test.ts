import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Format, ImportOptions } from "../../../protocol/datasets.ts";
import { toCsvLine } from "../../../server/datasets/repairing/csv-line.ts";
import { readRepair, toRepairPlan } from "../../../server/datasets/repairing/read-repair.ts";
import type { RepairRow } from "../../../server/datasets/repairing/seam.ts";
import { chunksOf, parseFile } from "../../support/parse-file.ts";

/** A repair of the dataset that a source has become. */
async function repair(source: string, format: Format, file: string, options: ImportOptions = {}) {
  const { plan, documents } = await parseFile(Buffer.from(source), format, options);
  const bytes = Buffer.from(file);
  const rows: RepairRow[] = [];
  const open = (offset: number) => chunksOf(bytes, 50, offset);
  for await (const batch of readRepair(open, toRepairPlan(plan), null)) rows.push(...batch.rows);
  return { rows, documents };
}

const cell = fc.oneof(
  fc.constantFrom("", "1", "1.50", "TRUE", "2024-01-01 10:00", 'a"b', "é\n;", " x", "\r", "007"),
  fc.string({ maxLength: 5 }).filter((text) => !text.includes("\0")),
);
const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
const scalar = fc.oneof(
  fc.constantFrom(null, true, 1, 1.5, "1", "", "é\n", [1], { a: "x" }),
  fc.string({ maxLength: 5 }).filter((text) => !text.includes("\0") && text.isWellFormed()),
);
const objects = fc.array(fc.dictionary(fc.constantFrom("a", "b", "_code", "raw"), scalar), {
  minLength: 1,
  maxLength: 12,
});

describe("a repair", () => {
  it("makes the very records of CSV rows that an import would have made", async () => {
    await fc.assert(
      fc.asyncProperty(table, async (cells) => {
        const source = cells.map((row) => toCsvLine(row, ","));
        const file = cells.map(([x, y, z], i) => toCsvLine([z, "", String(i + 1), x, y], ";"));

        const { rows, documents } = await repair(
          ["x,y,z", ...source].join("\n"),
          "csv",
          ["z;_code;_row;x;y", ...file].join("\r\n"),
          { delimiter: "," },
        );

        expect(rows.map(({ row, record }) => ({ _id: row, ...record }))).toEqual(documents);
      }),
    );
  });

  it("makes the very records of NDJSON rows that an import would have made", async () => {
    await fc.assert(
      fc.asyncProperty(objects, async (values) => {
        const source = values.map((value) => JSON.stringify(value));
        const file = source.map((raw, i) => JSON.stringify({ _row: i + 1, raw }));

        const { rows, documents } = await repair(source.join("\n"), "ndjson", file.join("\n"));

        expect(rows.map(({ row, record }) => ({ _id: row, ...record }))).toEqual(documents);
      }),
    );
  });

  it("takes objects with our keys added, whatever the JSON looks like", async () => {
    const source = '{"a":1,"n":1e400}\n{"a":2,"n":2}\n';
    const lines = [
      '{"_row":2,"_code":"x","_message":null,"a":3,"n":1e500}',
      ' { "a" : "4", "_row" : "1" } ',
      '{"_row":1}',
    ];

    const { rows } = await repair(source, "ndjson", lines.join("\n"));

    expect(rows.map(({ row, record }) => [row, record])).toEqual([
      [2, { c: { c0: 3, c1: "1e500" } }],
      [1, { c: { c0: 4 }, t: { c0: '"4"' } }],
      [1, { c: {} }],
    ]);
  });

  it.each<[string, Format, string, string, object]>([
    ["a cell too few", "csv", "x,y\n1,2\n", "_row,x,y\n7,1\n", { row: 7, code: "column_count" }],
    [
      "a cell too many",
      "csv",
      "x,y\n1,2\n",
      "_row,x,y\n7,1,2,\n",
      { row: 7, code: "column_count" },
    ],
    [
      "another type",
      "csv",
      "x,y\n1,2\n",
      "_row,x,y\n7,a,2\n",
      { row: 7, code: "type", column: "x" },
    ],
    ["a broken quote", "csv", "x,y\n1,2\n", '_row,x,y\n7,1,"2"x\n', { row: 7, code: "quote" }],
    ["a NUL", "csv", "x,y\n1,2\n", "_row,x,y\n7,1,\0\n", { row: 7, code: "encoding" }],
    ["no place", "csv", "x,y\n1,2\n", "_row,x,y\nseven,1,2\n", { row: null }],
    ["broken JSON", "ndjson", '{"a":1}', '{"_row":7,"a":1,}', { row: 7, code: "json" }],
    ["a broken text", "ndjson", '{"a":1}', '{"_row":7,"raw":"{"}', { row: 7, code: "json" }],
    [
      "a NUL in JSON",
      "ndjson",
      '{"a":1}',
      '{"_row":7,"a":"\\u0000"}',
      { row: 7, code: "encoding" },
    ],
    ["a key that is no column", "ndjson", '{"a":1}', '{"_row":7,"b":1}', { row: 7, column: "b" }],
    ["text among numbers", "ndjson", '{"a":1e400}', '{"_row":7,"a":"x"}', { row: 7, code: "type" }],
    ["a list", "ndjson", '{"a":1}', "[7]", { row: null, code: "not_object" }],
  ])("says what doesn't fit of a row with %s", async (_what, format, source, file, expected) => {
    const { rows } = await repair(source, format, file);

    const told = rows.map(({ row, rejection }) => ({ row, ...rejection }));
    expect(told).toEqual([expect.objectContaining(expected)]);
  });

  it.each([
    ["", "header_invalid"],
    ["_code,x,y\na,1,2\n", "header_invalid"],
    ["_row,x\n1,2\n", "header_invalid"],
    ["_row,x,y,x\n1,2,3,4\n", "header_invalid"],
    ["_row,x,y,z\n1,2,3,4\n", "column_unknown"],
    ['"_row"x,y\n', "header_invalid"],
  ])("is refused as a whole with the header %j", async (file, code) => {
    await expect(repair("x,y\n1,2\n", "csv", file)).rejects.toMatchObject({ code });
  });

  it("takes a row that quotes would make too large for one that is", async () => {
    const cell = 'a"'.repeat(400_000);

    const { rows } = await repair("x,y\n1,2\n", "csv", `_row,x,y\n1,${cell},"2\n3"\n2,3,4\n`);

    expect(rows.map(({ row, rejection }) => [row, rejection?.code])).toEqual([
      [1, "too_large"],
      [2, undefined],
    ]);
  });

  it("goes on from the end of any batch as if it had never stopped", async () => {
    const { plan } = await parseFile(Buffer.from("x\n1\n"), "csv");
    const lines = Array.from({ length: 2_500 }, (_, i) => `${i + 1},${i}`);
    const bytes = Buffer.from(`\uFEFF_row,x\n${lines.join("\n")}\n`);
    const open = (offset: number) => chunksOf(bytes, 999, offset);
    const read = async (from: Parameters<typeof readRepair>[2]) => {
      const batches = [];
      for await (const batch of readRepair(open, toRepairPlan(plan), from)) batches.push(batch);
      return batches;
    };

    const all = await read(null);

    expect(all.map(({ rows }) => rows.length)).toEqual([1000, 1000, 500]);
    expect(await read(all[0]?.end ?? null)).toEqual(all.slice(1));
  });
});
