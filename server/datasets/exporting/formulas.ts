const begin = new Uint8Array(256);
for (const byte of Buffer.from("=+-@\t\r\n")) begin[byte] = 1;

/** The full-width forms of `=`, `+`, `-` and `@` (U+FF1D, U+FF0B, U+FF0D, U+FF20). */
const fullWidth = ["\uff1d", "\uff0b", "\uff0d", "\uff20"].map((text) => Buffer.from(text));
const firstOfFullWidth = 0xef;
const minus = 45;
const number = /^-(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Whether a spreadsheet might run the text `source[start..end)` as a formula (OWASP, "CSV Injection"): by its first
 * character, unless the whole of it is a number.
 */
export function isFormula(source: Buffer, start: number, end: number): boolean {
  if (start === end) return false;
  const first = source[start] as number;
  if (first === firstOfFullWidth) {
    return fullWidth.some((form) => source.compare(form, 0, form.length, start, start + 3) === 0);
  }
  if (begin[first] === 0) return false;
  return first !== minus || !number.test(source.toString("latin1", start, end));
}
