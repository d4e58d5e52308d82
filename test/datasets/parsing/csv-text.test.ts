import { describe, expect, it } from "@jest/globals";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import type { Delimiter } from "../../../protocol/datasets.ts";
import { parseFile } from "../../support/parse-file.ts";
import { runs } from "../../support/runs.ts";

const text = fc
  .string({ unit: fc.constantFrom("a", "B", "7", " ", ",", ";", '"', "\n", "é", "語", "😀") })
  // A line with nothing in it is no row, so every cell has something.
  .map((cell) => `x${cell}`);

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

const table = fc.record({
  delimiter: fc.constantFrom<Delimiter>(",", ";", "\t", "|"),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  rows: fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width }))),
});

describe("well-formed CSV", () => {
  it("gives the cells that csv-parse finds, and those that were written", async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ delimiter, lineEnd, rows }) => {
        const width = rows[0]?.length ?? 1;
        const names = Array.from({ length: width }, (_, index) => `n${index}`);
        const lines = [names, ...rows].map((row) => row.map(quoted).join(delimiter));
        const bytes = Buffer.from(lines.join(lineEnd));

        const { documents, rejects } = await parseFile(bytes, "csv", { delimiter });

        const cells = documents.map(({ c }) => Object.values(c));
        expect(rejects).toEqual([]);
        expect(cells).toEqual(rows);
        expect(cells).toEqual(parse(bytes, { delimiter, from: 2 }));
      }),
      { numRuns: runs(200) },
    );
  });

  it("gives back the text of every cell from its value or from the text beside it", async () => {
    const cell = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom("1.50", "-0", "-0.0", "1e3", "007", "TRUE", "false", "", " 1", "1e999"),
      fc.constantFrom("2024-02-29", "2024-01-01 10:00", "2024-01-01T10:00:00.000Z", "2024-13-01"),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1 }), async (cells) => {
        const bytes = Buffer.from(`a,b\n${cells.map((text) => `${text},x\n`).join("")}`);

        const { documents } = await parseFile(bytes, "csv");

        const texts = documents.map(({ c, t }) => t?.c0 ?? String(c.c0 ?? ""));
        expect(texts).toEqual(cells);
      }),
      { numRuns: runs(400) },
    );
  });

  it("has a plain zero where a number is -0.0, for it sorts and prints like one", async () => {
    const { documents } = await parseFile(Buffer.from("a\n-0.0\n"), "csv");

    expect(documents).toStrictEqual([{ _id: 1, c: { c0: 0 }, t: { c0: "-0.0" } }]);
  });
});
