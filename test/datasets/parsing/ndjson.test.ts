import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseFile } from "../../support/parse-file.ts";
import { runs } from "../../support/runs.ts";

const name = fc.oneof(
  fc.constantFrom("a", "b", "1", "0", "", "__proto__", "constructor", "toString", "$where", "a.b"),
  fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")),
);

// NULs are rejected; they have a test of their own.
const value = fc
  .jsonValue({ stringUnit: "binary" })
  .filter((v) => !JSON.stringify(v).includes("\\u0000"));

const row = fc.array(fc.tuple(name, value), { maxLength: 6 });

const written = (members: [string, unknown][], gap: string) =>
  `{${members.map(([key, v]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${JSON.stringify(v)}`).join(`${gap},`)}${gap}}`;

describe("NDJSON", () => {
  it("reads as JSON.parse does, wherever its chunks end", async () => {
    const file = fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 5 }),
      gap: fc.constantFrom("", " ", "\t \r"),
      chunkSize: fc.integer({ min: 1, max: 50 }),
    });

    await fc.assert(
      fc.asyncProperty(file, async ({ rows, gap, chunkSize }) => {
        const lines = rows.map((members) => written(members, gap));
        const bytes = Buffer.from(lines.join("\n"));

        const { plan, documents, rejects } = await parseFile(bytes, "ndjson", {}, chunkSize);

        expect(rejects).toEqual([]);
        const parsed = documents.map(({ c }) =>
          plan.columns.flatMap(({ key, name, type }) => {
            const cell = c[key];
            if (cell === undefined) return [];
            return [[name, type === "json" && cell !== null ? JSON.parse(String(cell)) : cell]];
          }),
        );
        // Objects keep integer-like names apart, so both sides go by name.
        expect(parsed.map(byName)).toEqual(
          lines.map((line) => byName(Object.entries(JSON.parse(line)))),
        );
      }),
      { numRuns: runs(300) },
    );
  });

  it("takes a row's lone surrogates for what they are", async () => {
    const unit = fc.constantFrom("\\ud83d", "\\ude00", "\\\\", "\\n", "x", "u0000", "\\u00e9");

    await fc.assert(
      fc.asyncProperty(fc.array(unit), async (units) => {
        const line = `{"a":"${units.join("")}"}`;

        const { rejects } = await parseFile(Buffer.from(line), "ndjson");

        const wellFormed = JSON.parse(line).a.isWellFormed();
        expect(rejects.map(({ code }) => code)).toEqual(wellFormed ? [] : ["json"]);
      }),
      { numRuns: runs(150) },
    );
  });

  it.each([
    ["1 2 3", { type: "integer" }],
    ["1 2.0", { type: "number" }],
    ["1 9007199254740992", { type: "number" }],
    ["-0", { type: "number" }],
    ["0.30000000000000004", { type: "number" }],
    ["1 9007199254740993", { type: "string", numeric: true }],
    ["0.1234567890123456789", { type: "string", numeric: true }],
    ['9007199254740993 "x"', { type: "json" }],
    ["true false", { type: "boolean" }],
    ["true 1", { type: "json" }],
    ['"x" 1', { type: "json" }],
    ['"1" "2024-01-01"', { type: "string" }],
    ["null", { type: "string" }],
    ["null 1", { type: "integer" }],
    ["[] null", { type: "json" }],
    ["{}", { type: "json" }],
  ])("types a column of %s", async (values, expected) => {
    const lines = values.split(" ").map((source) => `{"a":${source}}\n{}\n`);

    const { plan } = await parseFile(Buffer.from(lines.join("")), "ndjson");

    expect(plan.columns).toEqual([{ key: "c0", name: "a", ...expected }]);
  });

  it("keeps the text beside a number that prints otherwise, and cells in the row's order", async () => {
    const file = '{"a":1.50,"b":1e3,"c":2.5}\n{"c":-0.0,"a":null}\n{"c":1.0,"c":2}\n';

    const { documents } = await parseFile(Buffer.from(file), "ndjson");

    expect(JSON.stringify(documents)).toBe(
      JSON.stringify([
        { _id: 1, c: { c0: 1.5, c1: 1000, c2: 2.5 }, t: { c0: "1.50", c1: "1e3" } },
        { _id: 2, c: { c2: 0, c0: null }, t: { c2: "-0.0" } },
        { _id: 3, c: { c2: 2 } },
      ]),
    );
  });
});

function byName(members: [string, unknown][] | unknown[][]) {
  return [...members].sort(([left], [right]) => (String(left) < String(right) ? -1 : 1));
}
