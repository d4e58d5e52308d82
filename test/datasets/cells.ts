import fc from "fast-check";

// Texts of cells, of each type with all that is awkward in it.

export const decimal = fc
  .tuple(fc.constantFrom("", "-"), fc.nat(10 ** 9), fc.nat(10 ** 9), fc.nat(12))
  .map(([sign, whole, fraction, zeros]) => `${sign}${whole}.${"0".repeat(zeros)}${fraction}`);
export const number = fc.oneof(
  decimal,
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    "0",
    "-0",
    "-0.0",
    "0.0",
    "1.50",
    "0.000001",
    "0.0000009",
    "1e3",
    "1E-7",
    "1e999",
  ),
);
export const date = fc
  .date({ noInvalidDate: true, min: new Date("0000-01-01"), max: new Date("9999-12-31") })
  .chain((when) => {
    const text = when.toISOString();
    const head = text.slice(0, 16);
    return fc.constantFrom(
      text,
      text.slice(0, 10),
      `${text.slice(0, 19)}Z`,
      text.slice(0, 19).replace("T", " "),
      `${head}Z`,
      head.replace("T", " "),
      `${text.slice(0, 23)}+02:00`,
      `${head}-11:30`,
    );
  });
export const boolean = fc.constantFrom("true", "false", "TRUE", "False");
