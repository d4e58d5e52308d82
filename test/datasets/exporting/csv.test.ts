import { describe, expect, it } from "@jest/globals";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { FileError } from "../../../server/datasets/parsing/seam.ts";
import { runs } from "../../support/runs.ts";
import { boolean, date, number } from "../cells.ts";
import { cellsOf, exportFile } from "./support.ts";

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

const pieces = ["a", "=", "+", "-", "@", "＝", "'", "7", " ", ",", ";", "|", '"', "\n", "\r", "\t"];
const text = fc.string({ unit: fc.constantFrom(...pieces, "é", "語", "😀"), maxLength: 6 });
const ofOneType = fc.constantFrom(number, date, boolean, text);
/** Columns of one type each, with empty cells, and a header of any texts. */
const table = fc.array(ofOneType, { minLength: 1, maxLength: 4 }).chain((columns) =>
  fc.record({
    names: fc.tuple(...columns.map(() => text)),
    rows: fc.array(fc.tuple(...columns.map((cell) => fc.oneof(cell, fc.constant("")))), {
      maxLength: 6,
    }),
  }),
);

describe("a CSV export", () => {
  it("gives back the text of every cell when it is raw, and imports to the same records", async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ names, rows }) => {
        const file = [names, ...rows].map((row) => row.map(quoted).join(",")).join("\n");
        const options = { delimiter: "," } as const;

        const first = await exportFile(file, "csv", { raw: true, options });
        const second = await exportFile(first.text, "csv", { raw: true });

        const found: string[][] = parse(first.text, { from: 2 });
        expect(first.rejects).toEqual([]);
        expect(found).toEqual(rows);
        expect(second.text).toBe(first.text);
        expect(second.plan.columns).toEqual(first.plan.columns);
        expect(second.documents).toEqual(first.documents);
      }),
      { numRuns: runs(200) },
    );
  });

  it("imports to the same records again, whatever bytes the file had", async () => {
    const bytes = fc.string({ unit: fc.constantFrom(...pieces, "x"), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        const options = { delimiter: "," } as const;
        const first = await exportFile(file, "csv", { raw: true, options }).catch(ignoreFault);
        if (!first) return;

        const second = await exportFile(first.text, "csv", { raw: true });

        expect(second.rejects).toEqual([]);
        expect(cellsOf(second.documents)).toEqual(cellsOf(first.documents));
      }),
      { numRuns: runs(400) },
    );
  });

  it("shows values as pages do when it isn't raw", async () => {
    const file = "n,b,d\n1.50,TRUE,2024-01-01 10:00\n1e3,false,2024-01-02\n-0.0,,\n";

    const { text } = await exportFile(file, "csv");

    expect(text).toBe("n,b,d\n1.5,true,2024-01-01T10:00:00.000Z\n1000,false,2024-01-02\n0,,\n");
  });

  it("has a line for a row of one empty cell", async () => {
    const { text } = await exportFile('id\n""\nx\n', "csv", { raw: true });

    expect(text).toBe('id\n""\nx\n');
  });

  it.each(["%PDF-1", "GIF87a", "\ufeffid"])(
    "can be imported if its first name is %s",
    async (name) => {
      const first = await exportFile(`"${name}",b\n1,2\n`, "csv", { raw: true });
      const second = await exportFile(first.text, "csv");

      expect(first.text.startsWith('"')).toBe(true);
      expect(second.plan.columns.map((column) => column.name)).toEqual([name, "b"]);
    },
  );

  it("of NDJSON has the texts of strings, and JSON for what is nested", async () => {
    const file = '{"a":"x,\\"y","b":[1, 2],"c":12345678901234567890}\n{"b":null,"c":1}\n';

    const { text } = await exportFile(file, "ndjson", { format: "csv" });

    expect(text).toBe('a,b,c\n"x,""y","[1, 2]",12345678901234567890\n,,1\n');
  });

  it("of NDJSON gives, when it is raw, texts that a declared type has changed", async () => {
    const columns = [
      { name: "n", type: "integer" as const },
      { name: "s", type: "string" as const },
    ];
    const file = '{"n":"12","s":1.50}\n';

    const raw = await exportFile(file, "ndjson", {
      format: "csv",
      raw: true,
      options: { columns },
    });

    expect(raw.text).toBe("n,s\n12,1.50\n");
  });
});

function ignoreFault(err: unknown): null {
  if (err instanceof FileError) return null;
  throw err;
}

describe("a cell that a spreadsheet would run", () => {
  const cells = [
    ["=1+1", "'=1+1"],
    ["=1;2", `"'=1;2"`],
    ["+49 170", "'+49 170"],
    ["+5", "'+5"],
    ["-x", "'-x"],
    ["--1", "'--1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", `"'\tx"`],
    ["\rx", `"'\rx"`],
    ["\nx", `"'\nx"`],
    ["＝1", "'＝1"],
    ["＋1", "'＋1"],
    ["－1", "'－1"],
    ["＠x", "'＠x"],
    ["-5", "-5"],
    ["-1.5e+3", "-1.5e+3"],
    ["-12345678901234567890", "-12345678901234567890"],
    ["a=1", "a=1"],
    ["'=1", "'=1"],
    ["！x", "！x"],
    ["-", "'-"],
  ] as const;

  it.each(cells)("%j is written as %j, and as it is when raw", async (cell, written) => {
    const file = `a,b\n${quoted(cell)},text\n`;

    const { text } = await exportFile(file, "csv", { options: { delimiter: "," } });
    const raw = await exportFile(file, "csv", { raw: true, options: { delimiter: "," } });

    // Read as a column of texts, which the second row makes it.
    const mixed = await exportFile(`${file}z,z\n`, "csv", { options: { delimiter: "," } });
    expect(mixed.text).toBe(`a,b\n${written},text\nz,z\n`);
    expect(text.startsWith("a,b\n")).toBe(true);
    expect(parse(raw.text, { from: 2 })).toEqual([[cell, "text"]]);
  });

  it("is harmless in the header, too, and a negative number is none", async () => {
    const file = '"=cmd()",n\nx,-5\n';

    const { text } = await exportFile(file, "csv");

    expect(text).toBe("'=cmd(),n\nx,-5\n");
  });

  it("stays as it is in NDJSON", async () => {
    const { text } = await exportFile("a\n=1\n", "csv", { format: "ndjson" });

    expect(text).toBe('{"a":"=1"}\n');
  });
});
