import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { afterPrefix, compareStored, toStored } from "../../../server/datasets/querying/values.ts";
import { runs } from "../../support/runs.ts";

const points = fc.constantFrom("a", "b", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}");
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(points, { maxLength: 4 }).map((all) => all.join("")),
);

describe("the texts that begin with a prefix", () => {
  it("are those from it up to the first text after all of them", () => {
    fc.assert(
      fc.property(text, text, text, (prefix, rest, other) => {
        const end = afterPrefix(prefix);

        for (const one of [prefix + rest, rest, other]) {
          const isWithin =
            compareStored(one, prefix) >= 0 && (end === null || compareStored(one, end) < 0);
          expect(isWithin).toBe(one.startsWith(prefix));
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe("a date in a condition", () => {
  it.each([
    ["2024-02-29", "2024-02-29"],
    ["2024-02-29T23:30-01:00", "2024-03-01T00:30:00.000Z"],
    ["2024-02-29 23:30", "2024-02-29T23:30:00.000Z"],
    ["0000-01-01T00:00Z", "0000-01-01T00:00:00.000Z"],
    ["2023-02-29", null],
    ["９024-02-29", null],
    ["", null],
    [20240229, null],
  ])("%p is what cells hold: %p", (given, stored) => {
    expect(toStored("date", given)).toBe(stored);
  });
});
