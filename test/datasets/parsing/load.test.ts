import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import mongoose from "mongoose";
import { load } from "../../../server/datasets/parsing/load.ts";
import { scan } from "../../../server/datasets/parsing/scan.ts";
import { chunksOf, type Loaded, loadFrom, parseFile } from "../../support/parse-file.ts";
import { mebibyte } from "../../support/peculiar-file.ts";

const { calculateObjectSize } = mongoose.mongo.BSON;
const start = { offset: 0, row: 0, line: 1 };

const bsonSize = ({ records, rejects }: Loaded) =>
  rejects.reduce((sum, document) => sum + calculateObjectSize(document), records.length);

const csvLine = fc.constantFrom(
  "1,x\n",
  '2,"y\nz"\r\n',
  "3,é\r\n",
  "\n",
  "too,many,cells\n",
  '"4"x,y\n',
  '5,"\n',
  ",\n",
);
const ndjsonLine = fc.constantFrom(
  '{"a":1}\n',
  '{"b":"é"}\r\n',
  "\n",
  "{\n",
  "[]\n",
  '{"a":1.50}\n',
);

describe("loading", () => {
  it.each([
    ["csv", csvLine, "a,b\n"],
    ["ndjson", ndjsonLine, "\uFEFF"],
  ] as const)(
    "goes on from the end of any batch with exactly the rest (%s)",
    async (format, line, head) => {
      const lines = fc.array(line, { minLength: 1, maxLength: 50 });

      await fc.assert(
        fc.asyncProperty(lines, async (some) => {
          const body = `${some.join("")}${format === "csv" ? "1,x\n" : "{}\n"}`;
          const file = Buffer.from(head + body.repeat(Math.ceil(9_000 / some.length)));
          const { plan, batches } = await parseFile(file, format);

          for (const [index, { end }] of batches.entries()) {
            const rest = await loadFrom(file, plan, end, 1_000 + index);

            expect(rest).toEqual(batches.slice(index + 1));
          }
        }),
        { numRuns: 3 },
      );
    },
  );

  it("fills the memory of a batch again once it was given back, never before", async () => {
    const lines = Array.from({ length: 50_000 }, (_, row) => `${row},${"x".repeat(row % 97)}\n`);
    const file = Buffer.from(`a,b\n${lines.join("")}`);
    const { plan, batches } = await parseFile(file, "csv");
    const memory = new Set<unknown>();
    const seen: Buffer[] = [];

    let before: { records: Uint8Array; release: () => void } | null = null;
    for await (const batch of load(chunksOf(file, 65_536, plan.start.offset), plan, plan.start)) {
      if (before) {
        seen.push(Buffer.from(before.records));
        before.release();
      }
      memory.add(batch.records.buffer);
      before = batch;
    }
    if (before) seen.push(Buffer.from(before.records));

    expect(batches.map(({ records }, at) => seen[at]?.equals(records))).toEqual(
      batches.map(() => true),
    );
    expect(memory.size).toBeLessThan(batches.length);
  });

  it("ends a batch at 1,000 rows, later ones at 8,000, rejected ones included", async () => {
    const file = Buffer.from(`a,b\n${"1,x\n2\n".repeat(9_000)}`);

    const { batches } = await parseFile(file, "csv");

    expect(batches.map(({ count, rejects }) => [count, rejects.length])).toEqual([
      [500, 500],
      [500, 500],
      [1000, 1000],
      [2000, 2000],
      [4000, 4000],
      [1000, 1000],
    ]);
    expect(batches.map(({ end }) => end)).toEqual(
      [1_000, 2_000, 4_000, 8_000, 16_000, 18_000].map((row) => ({
        offset: 4 + 3 * row,
        row,
        line: row + 2,
      })),
    );
  });

  const names = Array.from({ length: 500 }, (_, index) => `n${index}`);
  const long = "é".repeat(mebibyte / 2 - 20);

  it.each([
    ["csv", "500 tiny cells with texts", `${names}\n${`${names.map(() => "1.0")}\n`.repeat(400)}`],
    ["csv", "500 dates", `${names}\n${`${names.map(() => "2024-01-01 10:00")}\n`.repeat(350)}`],
    ["csv", "rows near 1 MiB", `a,b\n${`1,${long}\n`.repeat(9)}`],
    ["csv", "rejected rows with long texts", `a,b\n${`${"語".repeat(5_000)}\n`.repeat(1_500)}`],
    ["ndjson", "rows near 1 MiB", `{"a":"${long}"}\n`.repeat(9)],
    ["ndjson", "500 numbers with texts", `{${names.map((name) => `"${name}":1.0`)}}\n`.repeat(400)],
  ] as const)("keeps a batch near 4 MiB of BSON (%s, %s)", async (format, _name, text) => {
    const { batches } = await parseFile(Buffer.from(text), format);

    expect(batches.length).toBeGreaterThan(1);
    for (const batch of batches) expect(bsonSize(batch)).toBeLessThan(6 * mebibyte);
  });

  it("passes on what its source throws", async () => {
    const broken = new Error("the storage is gone");
    async function* source() {
      yield Buffer.from("a,b\n1,x\n");
      throw broken;
    }
    const plan = await scan(chunksOf(Buffer.from("a,b\n1,x\n")), {
      format: "csv",
      options: {},
      maxColumns: 500,
    });

    const scanning = scan(source(), { format: "csv", options: {}, maxColumns: 500 });
    const loading = load(source(), plan, start).next();

    await expect(scanning).rejects.toBe(broken);
    await expect(loading).rejects.toBe(broken);
  });

  it("closes its source when its reader stops early", async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield Buffer.from("1,x\n".repeat(1_000));
      } finally {
        closed = true;
      }
    }
    const columns = [
      { key: "c0", name: "a", type: "integer" as const },
      { key: "c1", name: "b", type: "string" as const },
    ];

    for await (const _ of load(source(), { format: "csv", start, columns, rows: 0 }, start)) break;

    expect(closed).toBe(true);
  });

  it.each([
    ["csv", "a,b\n1,", "\n2,x\n"],
    ["ndjson", '{"a":"', '"}\n{"a":"x"}\n'],
  ] as const)("reads past a row of 200 MB in flat memory (%s)", async (format, head, tail) => {
    const chunk = Buffer.alloc(mebibyte, "y");
    async function* source() {
      yield Buffer.from(head);
      for (let index = 0; index < 200; index += 1) yield chunk;
      yield Buffer.from(tail);
    }
    const before = process.memoryUsage.rss();
    let most = 0;
    const onBytes = () => {
      most = Math.max(most, process.memoryUsage.rss());
    };

    const plan = await scan(source(), { format, options: {}, maxColumns: 500, onBytes });

    expect(plan.rows).toBe(2);
    expect(most - before).toBeLessThan(60 * mebibyte);
  });
});
