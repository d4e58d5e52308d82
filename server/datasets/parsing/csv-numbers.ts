import { isSameNumber } from "./numbers.ts";

export type NumberKind = "integer" | "number" | null;

const zero = 48;
const nine = 57;
const maxDigits = 15;
/** Whole numbers up to here, and powers of ten up to 10^22, are exact as doubles. */
const maxMantissa = Number.MAX_SAFE_INTEGER;
/** Of decimals with so few digits no two are the same double. */
const maxDecimalMantissa = 10 ** maxDigits - 1;
const maxPlaces = 22;
const powersOfTen = Array.from({ length: maxPlaces + 1 }, (_, places) => 10 ** places);
/** A decimal this long at most, without an exponent, is no smaller than doubles hold exactly enough. */
const plainLength = 300;

/**
 * Which number the bytes are: `0`, `-?[1-9][0-9]*` within ±(2^53-1), or a decimal with or without an
 * exponent, of 15 significant digits at most and the same number as a double; otherwise null.
 */
export function readNumberKind(bytes: Buffer, start: number, end: number): NumberKind {
  const first = bytes[start] === 45 ? start + 1 : start;
  const whole = endOfDigits(bytes, first, end);
  if (whole === first || (bytes[first] === zero && whole > first + 1)) return null;
  if (whole === end) return isInteger(bytes, start, first, end) ? "integer" : null;
  let at = whole;
  if (bytes[at] === 46) {
    at = endOfDigits(bytes, whole + 1, end);
    if (at === whole + 1) return null;
  }
  if (countSignificant(bytes, first, at) > maxDigits) return null;
  if (at === end && end - start <= plainLength) return "number";
  if (at < end && endOfExponent(bytes, at, end) !== end) return null;
  return isSameNumber(bytes.toString("latin1", start, end)) ? "number" : null;
}

/** The value of bytes that are an integer. */
export function readInteger(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === 45;
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at += 1) {
    value = value * 10 + ((bytes[at] ?? zero) - zero);
  }
  return negative ? -value : value;
}

/** A number, and whether it prints as the very text it was read from. */
export type Decimal = { value: number; isCanonical: boolean };

/**
 * Reads bytes that are a number into `decimal`. Up to 15 digits and 22 places the quotient of two exact
 * doubles is the double nearest to the decimal (William Clinger, "How to Read Floating Point Numbers
 * Accurately", 1990), and its shortest form is the digits given, without zeros at the end.
 */
export function readDecimal(decimal: Decimal, bytes: Buffer, start: number, end: number): void {
  const first = bytes[start] === 45 ? start + 1 : start;
  let mantissa = 0;
  let point = end;
  let isPlain = true;
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 46) point = at;
    else if (byte >= zero && byte <= nine) mantissa = mantissa * 10 + (byte - zero);
    else isPlain = false;
  }
  const places = point === end ? 0 : end - point - 1;
  const most = places > 0 ? maxDecimalMantissa : maxMantissa;
  if (!isPlain || mantissa > most || places > maxPlaces) {
    readSlowly(decimal, bytes, start, end);
    return;
  }
  const value = mantissa / (powersOfTen[places] as number);
  const hasLastZero = places > 0 && bytes[end - 1] === zero;
  const isZero = mantissa === 0;
  // Below a millionth a number prints with an exponent; a zero always as "0".
  decimal.isCanonical = isZero ? end - start === 1 : !hasLastZero && value >= 1e-6;
  // Never -0: its text stands beside it.
  decimal.value = first > start && !isZero ? -value : value;
}

function readSlowly(decimal: Decimal, bytes: Buffer, start: number, end: number): void {
  const text = bytes.toString("latin1", start, end);
  // The sum makes -0 a plain zero.
  decimal.value = Number(text) + 0;
  decimal.isCanonical = String(decimal.value) === text;
}

function isInteger(bytes: Buffer, start: number, first: number, end: number): boolean {
  if (bytes[first] === zero) return first === start;
  return end - first <= 16 && Number.isSafeInteger(readInteger(bytes, first, end));
}

function endOfDigits(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at;
}

function endOfExponent(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== 101 && bytes[start] !== 69) return -1;
  const sign = bytes[start + 1];
  const digits = sign === 43 || sign === 45 ? start + 2 : start + 1;
  const at = endOfDigits(bytes, digits, end);
  return at > digits ? at : -1;
}

/** Digits from the first that isn't 0 on, in `digits[.digits]`. */
function countSignificant(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === zero || bytes[at] === 46)) at += 1;
  let count = 0;
  for (; at < end; at += 1) if (bytes[at] !== 46) count += 1;
  return count;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
