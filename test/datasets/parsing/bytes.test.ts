import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { peculiarFiles } from "../../support/peculiar-files.ts";
import { runs } from "../../support/runs.ts";
import { boolean, date, decimal, number } from "../cells.ts";
import { compare } from "../oracle/compare.ts";

describe("a peculiar file as bytes", () => {
  it.each(peculiarFiles.map((file) => [file.name, file] as const))(
    "makes the same records and rejects as objects: %s",
    async (_name, { bytes, format, options }) => {
      await compare(Buffer.from(bytes), format, 4_093, options);
    },
  );
});

const chunkSize = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70_000 }));
const piece = (...texts: string[]) => fc.constantFrom(...texts).map((text) => Buffer.from(text));
const badBytes = fc.constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc0, 0x80]);
const anyBytes = badBytes.map((bytes) => Buffer.from(bytes));

const word = fc.string({ unit: fc.constantFrom("a", "é", "語", "😀", '"', ",", " ", "\n", "\r") });
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe("CSV as bytes", () => {
  it("makes the same records and rejects as objects, of any bytes cut anywhere", async () => {
    const some = fc.oneof(
      {
        weight: 6,
        arbitrary: piece("a", "1", "-2.50", ",", ",", "\n", "\r\n", '"', '""', "é", "😀"),
      },
      { weight: 4, arbitrary: piece("1,x\n", '"2",\n', "-2.50,é\r\n", ",2024-01-01 10:00\n") },
      { weight: 1, arbitrary: piece("\r", "\0", "true", "2024-02-29", "2024-01-01 10:00") },
      { weight: 1, arbitrary: anyBytes },
    );
    const file = fc.array(some, { maxLength: 60 }).map((parts) => Buffer.concat(parts));
    let rows = 0;

    await fc.assert(
      fc.asyncProperty(file, chunkSize, async (bytes, size) => {
        const whole = Buffer.concat([Buffer.from("a,b\n"), bytes]);
        rows += (await compare(whole, "csv", size)).imported;
      }),
      { numRuns: runs(300) },
    );

    expect(rows).toBeGreaterThan(200);
  });

  it.each([
    ["numbers", number],
    ["decimals", decimal],
    ["dates", date],
    ["booleans", boolean],
    ["text", word.map(quoted)],
  ] as const)("makes the same records of %s", async (_name, cell) => {
    const rows = fc.array(fc.tuple(cell, fc.option(cell, { nil: "" })), { minLength: 1 });

    await fc.assert(
      fc.asyncProperty(rows, chunkSize, async (cells, size) => {
        const file = Buffer.from(`a,b,c\n${cells.map(([a, b]) => `${a},${b},x\n`).join("")}`);
        expect(await compare(file, "csv", size)).toEqual({ imported: cells.length, rejected: 0 });
      }),
      { numRuns: runs(100) },
    );
  });
});

describe("NDJSON as bytes", () => {
  it("makes the same records and rejects as JSON.parse, of any bytes cut anywhere", async () => {
    const value = piece("1", "-2.50", "true", "null", '"x"', '"é\\n"', '"\\u00e9"', "[1,{}]", "{}");
    const name = piece('"a":', '"b":', '"a":', ' "\\u0061" : ', '"é":');
    const some = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(name, value).map((parts) => Buffer.concat(parts)) },
      { weight: 6, arbitrary: piece("}\n{", "}\n{", ",", ",", "}\r\n{", "\n") },
      {
        weight: 1,
        arbitrary: piece('"', "\\", "\r", "\0", "\t", "[", "]", "01", "1.", "-", "nul"),
      },
      { weight: 1, arbitrary: piece('"\\ud83d"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\x"') },
      { weight: 1, arbitrary: anyBytes },
    );
    const file = fc.array(some, { maxLength: 60 }).map((parts) => Buffer.concat(parts));
    let rows = 0;

    await fc.assert(
      fc.asyncProperty(file, chunkSize, async (bytes, size) => {
        const whole = Buffer.concat([Buffer.from("{"), bytes, Buffer.from("}")]);
        rows += (await compare(whole, "ndjson", size)).imported;
      }),
      { numRuns: runs(300) },
    );

    expect(rows).toBeGreaterThan(200);
  });

  it("makes the same records of any JSON", async () => {
    const key = fc.constantFrom("a", "b", "é", "__proto__", '"', "");
    const member = fc.tuple(
      key,
      fc.oneof(
        fc.json(),
        number,
        date.map(quoted),
        fc.jsonValue().map((v) => JSON.stringify(v, null, 1).replaceAll("\n", " ")),
      ),
    );
    const line = fc
      .array(member)
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`);

    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), chunkSize, async (lines, size) => {
        await compare(Buffer.from(lines.join("\n")), "ndjson", size);
      }),
      { numRuns: runs(150) },
    );
  });

  it.each([
    ["numbers", number],
    ["decimals", decimal],
    ["booleans and nulls", fc.constantFrom("true", "false", "null")],
    ["text", fc.string({ unit: "binary" }).map((text) => JSON.stringify(text))],
  ] as const)("makes the same records of %s", async (_name, value) => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1 }), chunkSize, async (values, size) => {
        const lines = values.map((one, i) => (i % 3 ? `{"a":${one},"b":1}` : `{"b":2,"a":${one}}`));
        await compare(Buffer.from(lines.join("\r\n")), "ndjson", size);
      }),
      { numRuns: runs(100) },
    );
  });
});
