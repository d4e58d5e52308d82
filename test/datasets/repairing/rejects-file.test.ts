import { describe, expect, it } from "@jest/globals";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import type { Format } from "../../../protocol/datasets.ts";
import type { Plan, RejectDocument } from "../../../server/datasets/parsing/seam.ts";
import { toCsvLine } from "../../../server/datasets/repairing/csv-line.ts";
import { createIsAsGiven } from "../../../server/datasets/repairing/given-rows.ts";
import { readRepair, toRepairPlan } from "../../../server/datasets/repairing/read-repair.ts";
import { createRejectsFile } from "../../../server/datasets/repairing/rejects-file.ts";
import { readNaively } from "../../support/naive-csv.ts";
import { chunksOf, parseFile } from "../../support/parse-file.ts";

const mebibyte = 1_048_576;

function writeFile({ format, delimiter = ",", columns }: Plan, rejects: RejectDocument[]): string {
  const { head, lineOf } = createRejectsFile({ format, delimiter, columns });
  return head + rejects.map(lineOf).join("");
}

/** A file of rejects read by somebody else's parser: each line's cells. */
const readCells = (file: string, delimiter = ","): string[][] =>
  parse(file, { delimiter, record_delimiter: "\n", relax_column_count: true });

/** The rows of a repair as this server reads them. */
async function readRows(file: string, plan: Plan) {
  const bytes = Buffer.from(file);
  const rows = [];
  const open = (offset: number) => chunksOf(bytes, 7, offset);
  for await (const batch of readRepair(open, toRepairPlan(plan), null)) rows.push(...batch.rows);
  return rows;
}

/** Rows that come back as they were given out, by what says so. */
async function countAsGiven(file: string, plan: Plan, rejects: RejectDocument[]) {
  const isAsGiven = createIsAsGiven(plan.format, plan.delimiter ?? ",");
  const rows = await readRows(file, plan);
  expect(rows.map(({ row }) => row)).toEqual(rejects.map(({ _id }) => _id));
  return rows.filter((one, i) => isAsGiven(rejects[i] as RejectDocument, one)).length;
}

const csvText = fc
  .array(fc.constantFrom("a", "1", ",", ",", '"', "\r", "\n", "\n", " ", "é", "\0", ";", "="), {
    maxLength: 60,
  })
  .map((pieces) => `x,y\n1,2\n${pieces.join("")}\n`);
const jsonText = fc
  .array(
    fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.constantFrom(
        '{"_row":3,"a":1}',
        '{"raw":"x"}',
        '{ "a" : "1"}',
        '{"a":1.50,"a":2}',
        '{"a":"\\u0000"}',
        '{"a":"\0"}',
        '{"a":"\\ud800"}',
        '{"a"',
        ' {"a":"x", "b" : [1 , 2]} ',
        '{"raw":"x","a":"y"}',
        '{"_row":1,"a":"z"}',
        "{}",
      ),
    ),
    { maxLength: 8 },
  )
  .map((lines) => `{"a":1}\n${lines.join("\n")}\n`);

describe("the file of rejects", () => {
  it("gives back the cells of any row, and the text of what has none", async () => {
    await fc.assert(
      fc.asyncProperty(csvText, async (text) => {
        const { plan, rejects } = await parseFile(Buffer.from(text), "csv", { delimiter: "," });

        const [header, ...lines] = readCells(writeFile(plan, rejects));

        expect(header).toEqual(["_row", "_code", "_message", "x", "y"]);
        expect(lines).toEqual(
          rejects.map(({ _id, code, message, raw }) => {
            const [row] = code === "quote" ? [] : readNaively(raw, mebibyte);
            return [String(_id), code, message, ...(row?.cells ?? [raw])];
          }),
        );
      }),
    );
  });

  it.each<[Format, fc.Arbitrary<string>]>([
    ["csv", csvText],
    ["ndjson", jsonText],
  ])("says of every row that nobody has mended it when it comes back (%s)", async (format, any) => {
    const options = { columns: [{ name: format === "csv" ? "x" : "a", type: "integer" as const }] };
    await fc.assert(
      fc.asyncProperty(any, async (text) => {
        const { plan, rejects } = await parseFile(Buffer.from(text), format, options);

        const asGiven = await countAsGiven(writeFile(plan, rejects), plan, rejects);

        expect(asGiven).toBe(rejects.length);
      }),
    );
  });

  it("says so also of bad bytes and of a row over 1 MiB, which would fit as they stand there", async () => {
    const rows = [
      [0x31, 0xff, 0x0a],
      [...Buffer.alloc(mebibyte + 9, "x"), 0x0a],
      [...Buffer.from('"1"2\n')],
    ];
    const file = Buffer.concat([Buffer.from("x\nok\n"), ...rows.map((row) => Buffer.from(row))]);
    const { plan, rejects } = await parseFile(file, "csv");

    const asGiven = await countAsGiven(writeFile(plan, rejects), plan, rejects);

    expect(rejects.map(({ code }) => code)).toEqual(["encoding", "too_large", "quote"]);
    expect(asGiven).toBe(3);
  });

  it("says so when a spreadsheet has filled rows up, unless that is what they lacked", async () => {
    const file = Buffer.from('x,y,z\nok,1,2\n"a"b,1,2\nc,1\nd,q,3\n');
    const options = { columns: [{ name: "y", type: "integer" as const }] };
    const { plan, rejects } = await parseFile(file, "csv", options);
    const cells = readCells(writeFile(plan, rejects));
    const fill = (row: string[]) => [...row, "", "", "", ""].slice(0, 8);
    const filled = cells.map((row) => toCsvLine(fill(row), ";")).join("\n");

    const rows = await readRows(filled, plan);

    const isAsGiven = createIsAsGiven("csv", ",");
    const judged = rows.map((one, i) => isAsGiven(rejects[i] as RejectDocument, one));
    expect(judged).toEqual([true, false, true]);
    expect(rows.map(({ record }) => record?.c)).toEqual([
      { c0: '"a"b,1,2' },
      { c0: "c", c1: 1 },
      undefined,
    ]);
  });

  it("holds the whole of a row whose `raw` is cut", async () => {
    const long = "x".repeat(50_000);
    const csv = await parseFile(Buffer.from(`a,b\n1,2\n1,2,${long}\n"1"${long},2\n`), "csv");
    const json = await parseFile(Buffer.from(`{"a":1}\n{"a":"${long}"\n`), "ndjson");

    const cells = readCells(writeFile(csv.plan, csv.rejects)).slice(1);
    const line = JSON.parse(writeFile(json.plan, json.rejects));

    expect(cells.map((row) => row.slice(3))).toEqual([["1", "2", long], [`"1"${long},2`]]);
    expect(line).toMatchObject({ _row: 2, _code: "json", raw: `{"a":"${long}"` });
  });

  it("leaves what looks like a formula as it is", async () => {
    const { plan, rejects } = await parseFile(Buffer.from("a,b\n1,2\n=1+1,-2,@x\n"), "csv");

    expect(writeFile(plan, rejects)).toContain(
      "\n2,column_count,3 cells instead of 2,=1+1,-2,@x\n",
    );
  });
});
