/** Whether the double nearest to `text`, a JSON number, prints as that same number. */
export function isSameNumber(text: string): boolean {
  const value = Number(text);
  const printed = String(value);
  if (printed === text) return true;
  return Number.isFinite(value) && normalise(printed) === normalise(text);
}

/** Significant digits and exponent in one way of writing: `1.50`, `15e-1` and `1.5` are alike. */
function normalise(text: string): string {
  const unsigned = text.startsWith("-") ? text.slice(1) : text;
  const [mantissa = "", power = "0"] = unsigned.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  // Loops, not patterns: `0+$` takes quadratic time on a long run of zeros.
  let first = 0;
  while (digits[first] === "0") first += 1;
  if (first === digits.length) return "0";
  let last = digits.length;
  while (digits[last - 1] === "0") last -= 1;
  const exponent = Number(power) - fraction.length + (digits.length - last);
  return `${text.startsWith("-") ? "-" : ""}${digits.slice(first, last)}e${exponent}`;
}
