import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { writeNumberText } from "../../../server/datasets/exporting/texts.ts";
import { runs } from "../../support/runs.ts";

const target = Buffer.alloc(64);

function write(value: number): string {
  target.fill("#");
  const end = writeNumberText(target, 1, value);
  expect(target[0]).toBe(35);
  expect(target.subarray(end).every((byte) => byte === 35)).toBe(true);
  return target.toString("latin1", 1, end);
}

const decimal = fc
  .tuple(fc.maxSafeInteger(), fc.nat(15), fc.nat(9))
  .map(([digits, fewer, places]) => Math.trunc(digits / 10 ** fewer) / 10 ** places);

describe("the text of a number", () => {
  it("is JavaScript's own", () => {
    const any = fc.oneof(
      decimal,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
    );
    const edges = [0, -0, 0.1, -0.5, 1e-6, 1e-7, 0.000_001_5, 1.1, 99.99, 1e15, 1e15 - 1, 2 ** 53];
    const more = [
      1e21,
      5e-324,
      0.3,
      0.1 + 0.2,
      123_456_789.012_345,
      999_999_999.999_999,
      4.35,
      100,
    ];

    fc.assert(
      fc.property(any, (value) => expect(write(value)).toBe(String(value))),
      { numRuns: runs(2000), examples: [...edges, ...more].map((value) => [value]) },
    );
  });
});
