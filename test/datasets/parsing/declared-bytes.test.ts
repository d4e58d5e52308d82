import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { columnTypes, type ImportOptions } from "../../../protocol/datasets.ts";
import { loadFrom, parseFile } from "../../support/parse-file.ts";
import { runs } from "../../support/runs.ts";
import { boolean, date, number } from "../cells.ts";
import { compare } from "../oracle/compare.ts";

const chunkSize = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70_000 }));
const type = fc.constantFrom(...columnTypes);
const columns = fc
  .tuple(type, type)
  .map(([a, b]) => [{ name: "a", type: a } as const, { name: "b", type: b } as const]);
const text = fc.oneof(
  { weight: 3, arbitrary: number },
  { weight: 3, arbitrary: date },
  { weight: 2, arbitrary: boolean },
  { weight: 2, arbitrary: fc.json({ maxDepth: 2 }) },
  fc.constantFrom("", "12", "-0", " 1", "1 ", "+1", "007", "truE", "[", "{}x", "null", "\\u0000"),
  fc.constantFrom('"\\ud83d"', '"\\ud83d\\ude00"', '"\\u0000"', ' {"a" : [1, "é\\""]} ', "[1,]"),
  fc.string({ unit: fc.constantFrom("a", "é", "😀", '"', "[", "]", "{", "}", ":", ",", " ", "1") }),
);
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe("declared columns as bytes", () => {
  it("make the same records and rejects of a CSV file as objects", async () => {
    // What has no need of quotes may stand without them.
    const cell = fc
      .tuple(text, fc.boolean())
      .map(([one, bare]) => (bare && !/[",\n\r]/.test(one) ? one : quoted(one)));
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
    const sum = { imported: 0, rejected: 0 };

    await fc.assert(
      fc.asyncProperty(rows, columns, chunkSize, async (cells, declared, size) => {
        const file = Buffer.from(`a,b,c\n${cells.map(([a, b]) => `${a},${b},${a}\n`).join("")}`);
        add(sum, await compare(file, "csv", size, { columns: declared }));
      }),
      { numRuns: runs(400) },
    );

    expect(sum.imported).toBeGreaterThan(100);
    expect(sum.rejected).toBeGreaterThan(100);
  });

  it("make the same records and rejects of an NDJSON file as objects", async () => {
    const escaped = (one: string) =>
      [...one].map((unit) => (/[a-z0-9]/i.test(unit) ? `\\u00${hex(unit)}` : unit)).join("");
    const value = fc.oneof(
      { weight: 4, arbitrary: text.map((one) => JSON.stringify(one)) },
      { weight: 1, arbitrary: fc.oneof(number, date, boolean).map((one) => `"${escaped(one)}"`) },
      { weight: 2, arbitrary: number.filter((one) => isJson(one)) },
      { weight: 2, arbitrary: fc.json({ maxDepth: 2 }) },
      fc.constantFrom("true", "false", "null"),
    );
    const name = fc.constantFrom("a", "a", "b", "b", "c", "\\u0061");
    const line = fc
      .array(fc.tuple(name, value), { maxLength: 4 })
      .map((members) => `{${members.map(([key, one]) => `"${key}":${one}`)}}`);
    const lines = fc.array(line, { minLength: 1, maxLength: 12 });
    const sum = { imported: 0, rejected: 0 };

    await fc.assert(
      fc.asyncProperty(lines, columns, chunkSize, async (some, declared, size) => {
        const file = Buffer.from(`{"a":null,"b":null}\n${some.join("\n")}`);
        add(sum, await compare(file, "ndjson", size, { columns: declared }));
      }),
      { numRuns: runs(400) },
    );

    expect(sum.imported).toBeGreaterThan(100);
    expect(sum.rejected).toBeGreaterThan(100);
  });

  it.each([
    ["csv", "a,b\n", ["1,x\n", "x,2\n", ",\n", "2,y\n", "1\n"]],
    ["ndjson", "", ['{"a":1,"b":2}\n', '{"a":"x"}\n', '{"a":"3","b":2}\n', "[]\n", '{"a":1.5}\n']],
  ] as const)("are loaded on from the end of any batch (%s)", async (format, head, lines) => {
    const options: ImportOptions = { columns: [{ name: "a", type: "integer" }] };
    const file = Buffer.from(head + lines.join("").repeat(5_000));

    const { plan, batches } = await parseFile(file, format, options);

    expect(batches.length).toBeGreaterThan(2);
    for (const [index, { end }] of batches.entries()) {
      expect(await loadFrom(file, plan, end, 1_000 + index)).toEqual(batches.slice(index + 1));
    }
  });
});

const hex = (unit: string) => unit.charCodeAt(0).toString(16).padStart(2, "0");

function isJson(one: string): boolean {
  try {
    JSON.parse(one);
    return true;
  } catch {
    return false;
  }
}

function add(
  sum: { imported: number; rejected: number },
  { imported, rejected }: { imported: number; rejected: number },
): void {
  sum.imported += imported;
  sum.rejected += rejected;
}
