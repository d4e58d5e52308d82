import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { runs } from "../../support/runs.ts";
import { boolean, date, number } from "../cells.ts";
import { type Members, readMembers, readString } from "../oracle/ndjson-members.ts";
import { cellsOf, exportFile } from "./support.ts";

const name = fc.constantFrom("a", "b", "__proto__", "c0", 'q"', "é\n", "$x");
const string = fc
  .string({ unit: "binary", maxLength: 5 })
  .filter((text) => text.isWellFormed() && !text.includes("\0"))
  .map((text) => JSON.stringify(text));
const jsonNumber = number.filter((text) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text));
const nested = fc.constantFrom("[]", '{"z":1, "a":[ 12345678901234567890 ]}', "[1e5, \t2]");
const value = fc.oneof(string, jsonNumber, nested, fc.constantFrom("null", "true", "false"));
const row = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 5 })
  .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`)}}`);
/** Rows of any members, or of numbers alone, which stay numbers. */
const file = fc
  .oneof(
    fc.array(row, { minLength: 1, maxLength: 6 }),
    fc.array(
      jsonNumber.map((text) => `{"n":${text}}`),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map((rows) => `${rows.join("\n")}\n`);

const membersOf = (text: string): Members[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => readMembers(line) as Members);
/** What a reader that loses nothing makes of it: keys in order, numbers by their digits, strings by their text. */
const exactly = (text: string) =>
  membersOf(text).map((members) =>
    [...members].map(([key, { kind, source }]) => [
      key,
      kind,
      kind === "string" ? readString(source) : source,
    ]),
  );

describe("an NDJSON export", () => {
  it.each([true, false])("has the same JSON values in the same order (raw: %p)", async (raw) => {
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const first = await exportFile(text, "ndjson", { raw });
        const second = await exportFile(first.text, "ndjson", { raw });

        expect(first.rejects).toEqual([]);
        expect(exactly(first.text)).toEqual(exactly(text));
        expect(second.text).toBe(first.text);
        expect(second.documents).toEqual(first.documents);
        expect(second.plan.columns).toEqual(first.plan.columns);
      }),
      { numRuns: runs(200) },
    );
  });

  it("of CSV has all columns, empty cells as null, and values that import to the same", async () => {
    const cell = fc.oneof(
      fc.constant(""),
      fc.string({ unit: fc.constantFrom("a", '"', "\\", "\t", "\u001f", "😀"), maxLength: 4 }),
    );
    const lines = fc.array(
      fc
        .tuple(cell, fc.oneof(number, fc.constant("")), boolean, date)
        .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (rows) => {
        const first = await exportFile(`s,n,b,d\n${rows.join("\n")}\n`, "csv", {
          format: "ndjson",
        });
        const second = await exportFile(first.text, "ndjson");

        expect(second.records).toEqual(first.records);
        expect(second.plan.columns.map((column) => column.name)).toEqual(["s", "n", "b", "d"]);
      }),
      { numRuns: runs(150) },
    );
  });

  it("of CSV has the texts of cells when it is raw", async () => {
    const text = "n,b,d\n1.50,TRUE,2024-01-01 10:00\n2,true,2024-01-01\n";

    const raw = await exportFile(text, "csv", { format: "ndjson", raw: true });

    expect(raw.text).toBe(
      '{"n":1.50,"b":"TRUE","d":"2024-01-01 10:00"}\n{"n":2,"b":true,"d":"2024-01-01"}\n',
    );
  });

  it("has one line for a json cell that had several", async () => {
    const columns = [{ name: "j", type: "json" as const }];
    const text = 'j\n"{""a"":\n1}"\n';

    const { text: exported } = await exportFile(text, "csv", {
      format: "ndjson",
      options: { columns },
    });

    expect(exported).toBe('{"j":{"a": 1}}\n');
  });

  it("has the values of declared types, or what stood in their place when it is raw", async () => {
    const columns = [
      { name: "n", type: "integer" as const },
      { name: "s", type: "string" as const },
    ];
    const text = '{"n":"12","s":1.50}\n{"s":"é\\u0041"}\n';
    const options = { columns };

    const typed = await exportFile(text, "ndjson", { options });
    const raw = await exportFile(text, "ndjson", { raw: true, options });
    const again = await exportFile(raw.text, "ndjson", { raw: true, options });

    expect(typed.text).toBe('{"n":12,"s":"1.50"}\n{"s":"éA"}\n');
    expect(raw.text).toBe('{"n":"12","s":1.50}\n{"s":"éA"}\n');
    expect(cellsOf(again.documents)).toEqual(cellsOf(raw.documents));
  });
});
