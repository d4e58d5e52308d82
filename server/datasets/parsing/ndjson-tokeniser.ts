import { endOfScalar, endOfString } from "./json-scalars.ts";
import { maxDepth } from "./limits.ts";
import { addMember, beginMembers, kinds, type NdjsonRow } from "./ndjson-row.ts";

const comma = 44;
const colon = 58;
const openBracket = 91;
const openBrace = 123;
const closeBrace = 125;
/** From an opening bracket or brace to its closing one. */
const toClosing = 2;

/**
 * Finds the members of the object in `bytes[start..end)` (RFC 8259); strings may be anything, `row.bits` says what:
 *
 *     {  name  :  value  ,  name  :  value  }      blanks between any two of these
 *     value: string | number | true | false | null | nested
 *     nested: a stack of open brackets; in a brace each value has a name before it
 *
 * False if it is anything else, or nests too deep: `explain` in ndjson-faults.ts says what it is.
 */
export function tokeniseObject(row: NdjsonRow, bytes: Buffer, start: number, end: number): boolean {
  beginMembers(row, start, end);
  let at = skipBlanks(bytes, start, end);
  if (at === end || bytes[at] !== openBrace) return false;
  at = skipBlanks(bytes, at + 1, end);
  if (at < end && bytes[at] === closeBrace) return skipBlanks(bytes, at + 1, end) === end;
  for (;;) {
    const nameStart = at + 1;
    const nameEnd = endOfString(row, bytes, at, end);
    const isEscaped = row.hasEscape;
    const valueStart = nameEnd < 0 ? -1 : startOfValue(bytes, nameEnd, end);
    const valueEnd = valueStart < 0 ? -1 : endOfValue(row, bytes, valueStart, end);
    if (valueEnd < 0) return false;
    addMember(row, nameStart, nameEnd - 1, isEscaped, valueStart, valueEnd);
    at = skipBlanks(bytes, valueEnd, end);
    if (at === end) return false;
    if (bytes[at] === closeBrace) return skipBlanks(bytes, at + 1, end) === end;
    if (bytes[at] !== comma) return false;
    at = skipBlanks(bytes, at + 1, end);
  }
}

/** Whether `bytes[start..end)`, which must be UTF-8, are a JSON value that may stand in such an object. */
export function isJsonValue(row: NdjsonRow, bytes: Buffer, start: number, end: number): boolean {
  beginMembers(row, start, end);
  const valueEnd = endOfValue(row, bytes, skipBlanks(bytes, start, end), end);
  return valueEnd >= 0 && skipBlanks(bytes, valueEnd, end) === end;
}

/** Each of these answers where what it reads ends, or -1 if it isn't that. */
function endOfValue(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  const byte = start < end ? bytes[start] : 0;
  if (byte === openBrace || byte === openBracket) {
    const valueEnd = endOfNested(row, bytes, start, end);
    row.kind = kinds.json;
    return valueEnd;
  }
  return endOfScalar(row, bytes, start, end);
}

function endOfNested(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  const { open } = row;
  // The row's own object is the first level.
  let depth = 1;
  let at = start;
  for (;;) {
    const byte = at < end ? (bytes[at] as number) : 0;
    if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > maxDepth) return -1;
      open[depth] = byte;
      at = skipBlanks(bytes, at + 1, end);
      const isEmpty = at < end && bytes[at] === byte + toClosing;
      if (!isEmpty && byte === openBrace) at = afterName(row, bytes, at, end);
      if (at < 0) return -1;
      if (!isEmpty) continue;
    } else {
      at = endOfScalar(row, bytes, at, end);
      if (at < 0) return -1;
    }
    // Behind a value, or before the end of an empty one.
    for (;;) {
      at = skipBlanks(bytes, at, end);
      if (at >= end) return -1;
      const next = bytes[at];
      if (next === comma) break;
      if (next !== (open[depth] as number) + toClosing) return -1;
      depth -= 1;
      at += 1;
      if (depth === 1) return at;
    }
    at = skipBlanks(bytes, at + 1, end);
    if (open[depth] === openBrace) at = afterName(row, bytes, at, end);
    if (at < 0) return -1;
  }
}

function afterName(row: NdjsonRow, bytes: Buffer, start: number, end: number): number {
  const nameEnd = endOfString(row, bytes, start, end);
  return nameEnd < 0 ? -1 : startOfValue(bytes, nameEnd, end);
}

function startOfValue(bytes: Buffer, nameEnd: number, end: number): number {
  const at = skipBlanks(bytes, nameEnd, end);
  return at < end && bytes[at] === colon ? skipBlanks(bytes, at + 1, end) : -1;
}

function skipBlanks(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at] as number)) at += 1;
  return at;
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;
