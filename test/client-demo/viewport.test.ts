import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { findSpan } from "../../client-demo/src/table/viewport.ts";

const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);

it("leaves out only what can't be seen, and keeps the length of the whole", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 200 }),
      fc.nat(20_000),
      fc.nat(2_000),
      (sizes, from, length) => {
        const { first, last, before, after } = findSpan(sizes, from, from + length);

        expect(before).toBe(sum(sizes.slice(0, first)));
        expect(before + sum(sizes.slice(first, last)) + after).toBe(sum(sizes));
        for (const [index, size] of sizes.entries()) {
          const start = sum(sizes.slice(0, index));
          const isSeen = start < from + length && start + size > from;
          if (isSeen) expect(index >= first && index < last).toBe(true);
        }
      },
    ),
  );
});

it("holds few of very many", () => {
  const { first, last } = findSpan(Array(500).fill(100), 20_000, 21_400);

  expect([first, last]).toEqual([199, 215]);
});
