import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cellText } from "../../../server/datasets/parsing/csv-header.ts";
import { createCsvRows } from "../../../server/datasets/parsing/csv-rows.ts";
import { createWindow } from "../../../server/datasets/parsing/window.ts";
import { type NaiveRow, readNaively } from "../../support/naive-csv.ts";
import { chunksOf } from "../../support/parse-file.ts";
import { runs } from "../../support/runs.ts";

const top = { offset: 0, row: 0, line: 1 };

type Reading = { limit?: number; step?: number; chunkSize?: number; budget?: number };

async function readRows(text: string, { limit, step, chunkSize, budget }: Reading) {
  const bytes = Buffer.from(text, "latin1");
  const window = createWindow(chunksOf(bytes, chunkSize), 0, undefined, step);
  const rows = createCsvRows(window, top, ",", 1000, limit);
  const read: NaiveRow[] = [];
  let offset = 0;
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    if (step === "more") {
      await rows.fill();
      continue;
    }
    const { found, cells } = rows;
    if (budget && cells.looked > budget) throw new Error(`${cells.looked} bytes looked at`);
    const code = found.rejection?.code as NaiveRow["code"] | undefined;
    const texts = Array.from({ length: code ? 0 : cells.cells }, (_, index) =>
      cellText(cells, window.bytes, index),
    );
    // Blank lines come before a row, where the last one ended.
    const blank = /^(?:\r?\n)*/.exec(text.slice(offset))?.[0].length ?? 0;
    const raw = code === "quote" ? found.raw : "";
    read.push({ offset: offset + blank, line: found.line, code: code ?? null, raw, cells: texts });
    offset = rows.place.offset;
  }
  return { rows: read };
}

const piece = fc.constantFrom("a", "b", ",", ",", '"', '"', '""', "\n", "\n", "\r", "\r\n", '","');
const textOf = (maxLength: number) =>
  fc.array(piece, { maxLength, size: "max" }).map((pieces) => pieces.join(""));
const peculiarText = textOf(40);

// A limit below what `raw` may take, which none is outside these tests, cuts it short.
const withoutRaw = (row: NaiveRow) => ({ ...row, raw: "" });

describe("the rows of a CSV file", () => {
  it("are those of a reading by the letter of the protocol", async () => {
    await fc.assert(
      fc.asyncProperty(peculiarText, fc.integer({ min: 1, max: 20 }), async (text, step) => {
        const { rows } = await readRows(text, { step, chunkSize: 1 });

        expect(rows).toEqual(readNaively(text, 1_048_576));
      }),
      { numRuns: runs(600) },
    );
  });

  it("are those of the protocol when quotes stay open and rows grow past the limit", async () => {
    await fc.assert(
      fc.asyncProperty(peculiarText, fc.integer({ min: 1, max: 20 }), async (text, limit) => {
        const { rows } = await readRows(text, { limit });

        expect(rows.map(withoutRaw)).toEqual(readNaively(text, limit).map(withoutRaw));
      }),
      { numRuns: runs(600) },
    );
  });

  it("are the same wherever the bytes at hand end", async () => {
    const reading = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      step: fc.integer({ min: 1, max: 40 }),
      chunkSize: fc.integer({ min: 1, max: 10 }),
    });

    await fc.assert(
      fc.asyncProperty(textOf(120), reading, async (text, how) => {
        const { rows } = await readRows(text, how);

        expect(rows.map(withoutRaw)).toEqual(readNaively(text, how.limit).map(withoutRaw));
      }),
      { numRuns: runs(600) },
    );
  });

  it.each([
    ["a CRLF after a quote", `"${"a".repeat(20_000)}"\r\n1\n`],
    ["a CR after a quote", `"${"a".repeat(20_000)}"\rb\n1\n`],
    ["a doubled quote", `"${"a".repeat(20_000)}""b"\n1\n`],
    ["a CRLF", `${"a".repeat(20_001)}\r\n1\n`],
  ])("are the same where a long row is cut within %s", async (_name, text) => {
    for (let step = 19_999; step < 20_006; step += 1) {
      const { rows } = await readRows(text, { step, chunkSize: 1 });

      expect(rows.map(({ code, cells }) => [code, cells])).toEqual(
        readNaively(text, 1_048_576).map(({ code, cells }) => [code, cells]),
      );
    }
  });

  it("are the same when the bytes move between two rows that are too large", async () => {
    const text = `${"a\n".repeat(30)}aaaaaa,"bbbbb\naaaaaa,"\nb"\n${"c\n".repeat(40)}`;

    for (let step = 1; step < 60; step += 1) {
      const { rows } = await readRows(text, { limit: 4, step, chunkSize: 1 });

      expect(rows.map(withoutRaw)).toEqual(readNaively(text, 4).map(withoutRaw));
    }
  });

  it.each([
    ["openers that each keep an open quote open", 'a","\n'],
    ["quoted cells without an end", '"a\n'],
    ["rows that close only in the next line", '"a\n","b\n'],
    ["doubled quotes", '""a""\n'],
    ["text after closing quotes", '"a"b,"\n'],
  ])("cost work in proportion to the file: %s", async (_name, line) => {
    const text = line.repeat(Math.ceil(1_500_000 / line.length));

    // Given up in mid-file, or a quadratic reading would never come to the end.
    const { rows } = await readRows(text, { budget: 5 * text.length });

    expect(rows.at(-1)?.offset).toBeGreaterThan(text.length - 20);
  });
});
