import { kinds, type NdjsonRow } from "./ndjson-row.ts";

const quote = 34;
const zero = 48;
const backslash = 92;

/**
 * A string, number, `true`, `false` or `null` (RFC 8259), its kind noted in the row. Like all functions here it
 * answers where that ends, or -1 if it isn't one.
 */
export function endOfScalar(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  if (start >= end) return -1;
  row.hasEscape = false;
  const byte = bytes[start];
  if (byte === quote) {
    row.kind = kinds.string;
    return endOfString(row, bytes, start, end);
  }
  if (byte === literals.null[0]) {
    row.kind = kinds.null;
    return endOfLiteral(literals.null, bytes, start, end);
  }
  if (byte === literals.true[0] || byte === literals.false[0]) {
    row.kind = kinds.boolean;
    const literal = byte === literals.true[0] ? literals.true : literals.false;
    return endOfLiteral(literal, bytes, start, end);
  }
  row.kind = kinds.number;
  return endOfNumber(bytes, start, end);
}

/** Notes in the row whether there are escapes, `\u` among them, and which bits its bytes have. */
export function endOfString(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  row.hasEscape = false;
  if (start >= end || bytes[start] !== quote) return -1;
  let bits = 0;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      row.bits |= bits;
      return at + 1;
    }
    bits |= byte;
    if (byte < 32) return -1;
    if (byte !== backslash) continue;
    row.hasEscape = true;
    at = endOfEscape(row, bytes, at + 1, end) - 1;
    if (at < 0) return -1;
  }
  return -1;
}

/** `start` is behind the backslash. */
function endOfEscape(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  if (start >= end) return -1;
  if (simpleEscapes[bytes[start] as number] === 1) return start + 1;
  if (bytes[start] !== 117 || start + 5 > end) return -1;
  for (let at = start + 1; at < start + 5; at += 1) {
    if (hexDigits[bytes[at] as number] !== 1) return -1;
  }
  row.hasUnicodeEscape = true;
  return start + 5;
}

function endOfNumber(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] === 45 ? start + 1 : start;
  let at = endOfDigits(bytes, first, end);
  if (at === first || (at > first + 1 && bytes[first] === zero)) return -1;
  if (at < end && bytes[at] === 46) {
    const fraction = at + 1;
    at = endOfDigits(bytes, fraction, end);
    if (at === fraction) return -1;
  }
  if (at < end && (bytes[at] === 101 || bytes[at] === 69)) {
    const sign = at + 1 < end && (bytes[at + 1] === 43 || bytes[at + 1] === 45) ? 1 : 0;
    const exponent = at + 1 + sign;
    at = endOfDigits(bytes, exponent, end);
    if (at === exponent) return -1;
  }
  return at;
}

function endOfDigits(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) >= zero && (bytes[at] as number) <= 57) at += 1;
  return at;
}

function endOfLiteral(literal: Uint8Array, bytes: Buffer, start: number, end: number): number {
  if (start + literal.length > end) return -1;
  for (let i = 0; i < literal.length; i += 1) if (bytes[start + i] !== literal[i]) return -1;
  return start + literal.length;
}

const literals = {
  null: Buffer.from("null"),
  true: Buffer.from("true"),
  false: Buffer.from("false"),
};
const among = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
};
const simpleEscapes = among('"\\/bfnrt');
const hexDigits = among("0123456789abcdefABCDEF");
