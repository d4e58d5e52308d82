import { writeString } from "./bson.ts";

const letterT = 84;
const letterZ = 90;
const minute = 60_000;
const day = 86_400_000;
const first = -62_167_219_200_000; // 0000-01-01T00:00:00.000Z
const last = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Milliseconds since 1970 of `YYYY-MM-DD`, alone or with `T` or a blank, `hh:mm[:ss[.mmm]]` and `Z`,
 * `±hh:mm` or nothing (UTC); NaN for anything else and outside the UTC years 0000 to 9999.
 */
export function readInstant(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length < 10 || length > 29) return Number.NaN;
  const days = readDay(bytes, start);
  if (length === 10 || Number.isNaN(days)) return days * day;
  const separator = bytes[start + 10];
  if ((separator !== letterT && separator !== 32) || length < 16) return Number.NaN;
  const offset = readOffset(bytes, start + 16, end);
  const timeEnd = offset.start - start;
  if (timeEnd !== 16 && timeEnd !== 19 && timeEnd !== 23) return Number.NaN;
  const instant = days * day + readTime(bytes, start + 11, timeEnd - 11) - offset.milliseconds;
  return instant >= first && instant <= last ? instant : Number.NaN;
}

/** Whether the bytes of an instant are in the form that it is kept in: `YYYY-MM-DDThh:mm:ss.mmmZ`. */
export function isCanonicalInstant(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 24 && bytes[start + 10] === letterT && bytes[end - 1] === letterZ;
}

/** Writes an instant as a BSON string in that form; answers where it ended. */
export function writeInstant(
  target: Buffer,
  at: number,
  bytes: Buffer,
  start: number,
  end: number,
): number {
  return writeString(target, at, new Date(readInstant(bytes, start, end)).toISOString());
}

function readDay(bytes: Buffer, at: number): number {
  if (bytes[at + 4] !== 45 || bytes[at + 7] !== 45) return Number.NaN;
  const year = readDigits(bytes, at, 4);
  const month = readDigits(bytes, at + 5, 2);
  const date = readDigits(bytes, at + 8, 2);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = (monthDays[month - 1] ?? 0) + (leap && month === 2 ? 1 : 0);
  return date >= 1 && date <= longest ? daysFromCivil(year, month, date) : Number.NaN;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, days_from_civil). */
function daysFromCivil(year: number, month: number, date: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

/** Milliseconds of `hh:mm`, `hh:mm:ss` or `hh:mm:ss.mmm`. */
function readTime(bytes: Buffer, at: number, length: number): number {
  const hours = readDigits(bytes, at, 2);
  const minutes = readDigits(bytes, at + 3, 2);
  if (bytes[at + 2] !== 58 || !(hours < 24 && minutes < 60)) return Number.NaN;
  const seconds = length > 5 ? readDigits(bytes, at + 6, 2) : 0;
  if ((length > 5 && bytes[at + 5] !== 58) || !(seconds < 60)) return Number.NaN;
  if (length > 8 && bytes[at + 8] !== 46) return Number.NaN;
  const milliseconds = length > 8 ? readDigits(bytes, at + 9, 3) : 0;
  return hours * 60 * minute + minutes * minute + seconds * 1000 + milliseconds;
}

/** Where the zone begins, if there is one, and how far it lies ahead of UTC. */
function readOffset(bytes: Buffer, from: number, end: number) {
  if (bytes[end - 1] === letterZ) return { start: end - 1, milliseconds: 0 };
  const start = end - 6;
  const sign = bytes[start];
  if (start < from || (sign !== 43 && sign !== 45)) return { start: end, milliseconds: 0 };
  const hours = readDigits(bytes, start + 1, 2);
  const minutes = readDigits(bytes, start + 4, 2);
  const valid = bytes[start + 3] === 58 && hours < 24 && minutes < 60;
  const ahead = (hours * 60 + minutes) * minute;
  return { start, milliseconds: valid ? (sign === 43 ? ahead : -ahead) : Number.NaN };
}

function readDigits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
