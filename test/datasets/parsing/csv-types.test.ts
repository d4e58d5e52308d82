import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readInstant } from "../../../server/datasets/parsing/csv-dates.ts";
import { readInteger, readNumberKind } from "../../../server/datasets/parsing/csv-numbers.ts";
import { isSameNumber } from "../../../server/datasets/parsing/numbers.ts";

// Read amid other bytes, which must not matter.
const amid = (text: string) => Buffer.from(`9${text}9`);
const kindOf = (text: string) => readNumberKind(amid(text), 1, text.length + 1);
const instantOf = (text: string) => readInstant(amid(text), 1, text.length + 1);

describe("the number in a cell", () => {
  it.each([
    ["0", "integer"],
    ["-1", "integer"],
    ["9007199254740991", "integer"],
    ["-9007199254740991", "integer"],
    ["9007199254740992", null],
    ["9".repeat(400), null],
    ["-0", null],
    ["00", null],
    ["-", null],
    ["", null],
    ["0.5", "number"],
    ["-0.0", "number"],
    ["1.0", "number"],
    ["1E5", "number"],
    ["1e+5", "number"],
    ["0e999", "number"],
    ["123456789012345e-3", "number"],
    ["1234567890.12345", "number"],
    ["1234567890.123456", null],
    ["1.000000000000000", null],
    ["0.000000000000000000001", "number"],
    [`0.${"0".repeat(320)}1`, "number"],
    [`0.${"0".repeat(400)}1`, null],
    ["1.23456789e-320", null],
    ["1e999", null],
    ["1e-400", null],
    ["1.", null],
    [".5", null],
    ["+5", null],
    ["01.5", null],
    ["1e", null],
    ["1e+", null],
    ["1e5x", null],
    ["1.5.5", null],
    ["1,5", null],
    ["0x10", null],
    ["NaN", null],
    ["Infinity", null],
    ["1 ", null],
    ["١", null],
  ])("of %s is %s", (text, kind) => {
    const bytes = amid(text);

    expect(readNumberKind(bytes, 1, bytes.length - 1)).toBe(kind);
  });

  it("is an integer for every safe integer, with its value", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const text = String(value);

        expect(kindOf(text)).toBe("integer");
        expect(readInteger(amid(text), 1, text.length + 1)).toBe(value);
      }),
    );
  });

  it("is a decimal for every double of 15 digits at most", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e308, max: 1e308, noNaN: true }), (double) => {
        const text = double.toExponential(14);

        // A smaller one has lost digits.
        const normal = double === 0 || Math.abs(double) >= 2 ** -1022;
        expect(normal ? kindOf(text) : "number").toBe("number");
      }),
    );
  });

  it("is the same as its double's where exact arithmetic says so", () => {
    const digits = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(25));

    fc.assert(
      fc.property(digits, ([whole, places]) => {
        const text = `${whole}e-${places}`;
        const [mantissa = "", exponent = "0"] = Number(text).toExponential().split("e");
        const [head = "", tail = ""] = mantissa.split(".");
        const power = 60 + Number(exponent) - tail.length;
        const printed = BigInt(head + tail) * 10n ** BigInt(power);

        expect(isSameNumber(text)).toBe(printed === whole * 10n ** BigInt(60 - places));
      }),
    );
  });
});

describe("the date in a cell", () => {
  it.each([
    "2024-2-01",
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2024-00-10",
    "2024-13-10",
    "2024-01-00",
    "24-01-01",
    "2024/01/01",
    "2024-01-01T",
    "2024-01-01T10",
    "2024-01-01T24:00",
    "2024-01-01T10:60",
    "2024-01-01T10:00:60",
    "2024-01-01T10:00:00.5",
    "2024-01-01T10:00:00.1234",
    "2024-01-01t10:00",
    "2024-01-01T10:00z",
    "2024-01-01  10:00",
    "2024-01-01T10:00+0100",
    "2024-01-01T10:00+24:00",
    "2024-01-01T10:00+01:60",
    "2024-01-01T10:00 Z",
    "2024-01-01Z",
    "2024-01-01+01:00",
    "0000-01-01T00:00+00:01",
    "9999-12-31T23:59-00:01",
  ])("is none in %s", (text) => {
    expect(instantOf(text)).toBeNaN();
  });

  it.each([
    ["0000-02-29", "0000-02-29T00:00:00.000Z"],
    ["2000-02-29", "2000-02-29T00:00:00.000Z"],
    ["2024-01-01T10:30", "2024-01-01T10:30:00.000Z"],
    ["2024-01-01 10:30Z", "2024-01-01T10:30:00.000Z"],
    ["2024-01-01T10:30:15-02:30", "2024-01-01T13:00:15.000Z"],
    ["2024-01-01 00:00:00.001+23:59", "2023-12-31T00:01:00.001Z"],
    ["9999-12-31T23:59:59.999", "9999-12-31T23:59:59.999Z"],
  ])("of %s is %s", (text, iso) => {
    expect(new Date(instantOf(text)).toISOString()).toBe(iso);
  });

  it("is the one that Date finds, for every instant and zone", () => {
    const min = new Date("0000-01-03T00:00:00Z");
    const max = new Date("9999-12-29T00:00:00Z");
    const zone = fc.constantFrom("Z", "+00:00", "-05:45", "+14:00");

    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), zone, (date, zoneText) => {
        const text = date.toISOString().replace("Z", zoneText);

        expect(instantOf(text)).toBe(Date.parse(text));
      }),
    );
  });
});
