import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import mongoose from "mongoose";
import type { CellValue, ColumnType } from "../../../protocol/datasets.ts";
import { createProfiler } from "../../../server/datasets/profiling/profiler.ts";
import { runs } from "../../support/runs.ts";
import { expectBars } from "./expect-bars.ts";
import { profilePlainly } from "./plain-profile.ts";

const { serialize } = mongoose.mongo.BSON;

/** Profiles rows of cells; a cell that is undefined isn't there at all. */
function profile(types: ColumnType[], rows: (CellValue | undefined)[][]) {
  const columns = types.map((type, i) => ({ key: `c${i}`, name: `column ${i}`, type }));
  const profiler = createProfiler(columns);
  for (const [i, cells] of rows.entries()) {
    const there = cells.flatMap((cell, at) => (cell === undefined ? [] : [[`c${at}`, cell]]));
    const texts = i % 3 === 0 ? { t: { c0: "1.50" } } : {};
    const record = { _id: i + 1, c: Object.fromEntries(there), ...texts };
    profiler.add(Buffer.from(serialize(record)));
  }
  return { ...profiler.end(), bytes: profiler.bytes() };
}

const day = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
const texts = fc.oneof(
  fc.constantFrom("", "a", "b", "Zürich", "zurich", "😀", "\ufffd", "x".repeat(150)),
  fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !text.includes("\0")),
);
const cellsOf: Record<ColumnType, fc.Arbitrary<CellValue>> = {
  string: texts,
  json: fc.oneof(fc.constantFrom("[]", "{}", '"a"'), fc.json({ maxDepth: 1 })),
  boolean: fc.boolean(),
  integer: fc.oneof(fc.integer({ min: -3, max: 9 }), fc.integer(), fc.maxSafeInteger()),
  number: fc.oneof(
    fc.constantFrom(0, -1.5, 0.1, 7, 1e300),
    fc.integer({ min: -100, max: 100 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  date: fc.oneof(
    fc.constantFrom("2024-02-29", "0000-01-01", "9999-12-31T23:59:59.999Z"),
    day.map((date) => date.toISOString()),
    day.map((date) => date.toISOString().slice(0, 10)),
  ),
};
const types = Object.keys(cellsOf) as ColumnType[];
const column = fc
  .constantFrom(...types)
  .chain((type) =>
    fc.tuple(
      fc.constant(type),
      fc.array(fc.option(cellsOf[type], { freq: 4 }), { minLength: 60, maxLength: 60 }),
    ),
  );

describe("a profile", () => {
  it("says of any columns what all their cells together say", () => {
    const table = fc.array(column, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(table, fc.nat(60), (columns, length) => {
        const given = columns.map(([type, cells]) => ({ type, cells: cells.slice(0, length) }));
        const rows = Array.from({ length }, (_, row) => given.map(({ cells }) => cells[row]));

        const found = profile(
          given.map(({ type }) => type),
          rows.map((cells, i) => cells.map((cell) => (cell === null && i % 2 ? undefined : cell))),
        );

        expect(found.rows).toBe(length);
        for (const [i, { type, cells }] of given.entries()) {
          const { histogram, mean, key, name, ...rest } = found.columns[
            i
          ] as (typeof found.columns)[0];
          const { mean: expected, ...plain } = profilePlainly(type, cells);
          expect(rest).toEqual({ type, ...plain });
          expect([key, name]).toEqual([`c${i}`, `column ${i}`]);
          const largest = Math.max(0, ...cells.map((cell) => Math.abs(Number(cell) || 0)));
          if (expected === null || mean === null) expect(mean).toBe(expected);
          else
            expect(Math.abs(mean / 2 - expected / 2)).toBeLessThanOrEqual(largest * 1e-14 + 1e-300);
          if (["integer", "number", "date"].includes(type)) expectBars(type, cells, histogram);
          else expect(histogram).toEqual([]);
        }
      }),
      // A text one character longer than is shown.
      { numRuns: runs(100), examples: [[[["string", [`${"x".repeat(200)}y`]]], 1]] },
    );
  });

  it("has twenty bars where values differ, one where they don't, and means that are right on paper", () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => [i + 1, 7, (i % 7) / 10]);

    const [count, same, tenths] = profile(["integer", "integer", "number"], numbers).columns;

    expect([count, same, tenths].map((one) => one?.histogram.length)).toEqual([20, 1, 20]);
    expect(same?.histogram).toEqual([{ from: 7, to: 7, count: 1000 }]);
    expect([count?.mean, same?.mean]).toEqual([500.5, 7]);
    expect(Math.max(...(count?.histogram.map((bar) => bar.count) ?? []))).toBeLessThan(56);
  });

  it("shows the beginning of long texts, and tells them apart by all of them", () => {
    const long = (end: string) => "\u{1f600}".repeat(5000) + end;
    const rows = [long("b"), long("a"), long("b"), `${"\u{1f600}".repeat(199)}\uffff`];

    const [column] = profile(
      ["string"],
      rows.map((cell) => [cell]),
    ).columns;

    expect(column?.distinct).toEqual({ count: 3, exact: true });
    expect(column?.top[0]).toEqual({ row: 1, count: 2 });
    expect([column?.min, column?.max]).toEqual([rows[3], "\u{1f600}".repeat(200)]);
  });
});

describe("a profile of more values than it can tell apart", () => {
  const most = 10_000;

  it("is exact to the last that it can", () => {
    const rows = Array.from({ length: most }, (_, i) => [`${i}`]);

    const [exact] = profile(["string"], [...rows, ...rows]).columns;
    const [over] = profile(["string"], [...rows, ["new"]]).columns;

    expect(exact?.distinct).toEqual({ count: most, exact: true });
    expect(exact?.top.map(({ row, count }) => [row, count])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, 2]),
    );
    expect(over?.distinct.exact).toBe(false);
    expect(over?.distinct.count).toBeGreaterThan(most);
  });

  it("estimates how many there are, and finds what is frequent", () => {
    const total = 60_000;
    // Every tenth row has one of nine values, some more often than others; the others are all different.
    const frequent = (i: number) => `often ${Math.floor(Math.sqrt((i / 10) % 81))}`;
    const rows = Array.from({ length: total }, (_, i) => [i % 10 ? `${i}` : frequent(i), i * 3]);
    const error = (2 * total) / most;

    const [texts, numbers] = profile(["string", "integer"], rows).columns;

    const distinct = [total * 0.9 + 9, total];
    for (const [i, column] of [texts, numbers].entries()) {
      const { count = 0, exact } = column?.distinct ?? {};
      expect(exact).toBe(false);
      expect(Math.abs(count / (distinct[i] ?? 0) - 1)).toBeLessThan(0.06);
    }
    const cells = rows.map(([text]) => text as string);
    const expected = profilePlainly("string", cells).top.slice(0, 9);
    const found = texts?.top.slice(0, 9) ?? [];
    expect(found.map(({ row }) => cells[row - 1])).toEqual(
      expected.map(({ row }) => cells[row - 1]),
    );
    for (const [i, { count }] of found.entries()) {
      const real = expected[i]?.count ?? 0;
      expect(count).toBeLessThanOrEqual(real);
      expect(count).toBeGreaterThanOrEqual(real - error);
    }
    expect(numbers?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  it("takes no more memory for 200,000 long texts than for 10,001", () => {
    const column = { key: "c0", name: "text", type: "string" } as const;
    const record = Buffer.from(serialize({ _id: 1, c: { c0: "0".repeat(1000) } }));
    const digitsAt = record.indexOf("000000");
    const bytesAfter = (count: number) => {
      const profiler = createProfiler([column]);
      for (let i = 0; i < count; i += 1) {
        record.write(String(i).padStart(6, "0"), digitsAt);
        profiler.add(record);
      }
      return profiler.bytes();
    };
    const [few, many] = [bytesAfter(most + 1), bytesAfter(200_000)];

    expect(many).toBe(few);
    expect(many).toBeLessThan(400_000);
  });
});
