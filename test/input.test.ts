import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";
import { recordsRequest } from "../protocol/datasets.ts";
import { AppError } from "../server/errors.ts";
import { parseInput } from "../server/input.ts";

const schema = z.strictObject({ name: z.string(), deep: z.unknown().optional() });

function codeOf(input: unknown, by: z.ZodType = schema): string {
  try {
    parseInput(by, input);
    return "ok";
  } catch (err) {
    return err instanceof AppError ? err.code : "escaped";
  }
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe("input from the wire", () => {
  it.each([
    ["an unknown key", { name: "a", more: 1 }],
    ["a wrong type", { name: 1 }],
    ["a missing key", {}],
    ["a NUL", { name: "a\0" }],
    ["a lone surrogate", { name: "\ud800" }],
    ["a lone surrogate in a key", { name: "a", deep: { "\udc00": 1 } }],
    ["__proto__ as a key", JSON.parse('{"name":"a","deep":{"__proto__":{"x":1}}}')],
    ["33 levels", { name: "a", deep: nested(33) }],
    [
      "over 1,000 keys",
      { name: "a", deep: Object.fromEntries([...Array(1000).keys()].map((k) => [`k${k}`, 1])) },
    ],
    ["bytes", { name: "a", deep: Buffer.from("x") }],
    ["null", null],
    ["an array", []],
    ["a string", "name"],
    ["nothing", undefined],
  ])("is refused when it holds %s", (_what, input) => {
    expect(codeOf(input)).toBe("validation_failed");
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it("passes when it is right, 32 levels deep too", () => {
    expect(codeOf({ name: "ä€😀", deep: nested(31) })).toBe("ok");
  });

  it("names each offending path", () => {
    const parse = () => parseInput(recordsRequest, { datasetId: "x", limit: 0 });

    expect(parse).toThrow(
      expect.objectContaining({
        errors: [
          expect.objectContaining({ path: "datasetId" }),
          expect.objectContaining({ path: "limit" }),
        ],
      }),
    );
  });

  it("is answered with a value or validation_failed, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (input) => {
        expect(["ok", "validation_failed"]).toContain(codeOf(input));
      }),
    );
  });
});
