import { maxDepth } from "../../../server/datasets/parsing/limits.ts";
import { type Rejection, rejections } from "../../../server/datasets/parsing/rows.ts";

/** A value of a row's object: its source text; a string's own text is `JSON.parse(source)`. */
export type Member = { kind: MemberKind; source: string };
export type MemberKind = "null" | "boolean" | "number" | "string" | "json";

/** By name, in order of first appearance; of repeated names the last one counts. */
export type Members = Map<string, Member>;

/** Reads one line of NDJSON (RFC 8259): the members of its object with the text of their values. */
export function readMembers(line: string): Members | Rejection {
  try {
    JSON.parse(line);
  } catch {
    return rejections.json;
  }
  const open = skipBlanks(line, 0);
  if (line.charCodeAt(open) !== 123) return rejections.notObject;
  if (line.includes("\\u")) {
    const fault = findBadEscape(line);
    if (fault) return fault;
  }
  return splitMembers(line, open + 1) ?? rejections.tooDeep;
}

/** A JSON string's text, from its source with quotes. */
export function readString(source: string): string {
  return source.includes("\\") ? (JSON.parse(source) as string) : source.slice(1, -1);
}

/** Walks valid JSON; null where it nests too deep. */
function splitMembers(line: string, from: number): Members | null {
  const members: Members = new Map();
  let at = skipBlanks(line, from);
  while (line.charCodeAt(at) === 34) {
    const nameEnd = endOfString(line, at);
    const name = readString(line.slice(at, nameEnd));
    const start = skipBlanks(line, skipBlanks(line, nameEnd) + 1);
    const kind = kindOf(line.charCodeAt(start));
    const end = endOfValue(line, start, kind);
    if (end < 0) return null;
    members.set(name, { kind, source: line.slice(start, end) });
    // Past the comma or the closing brace.
    at = skipBlanks(line, skipBlanks(line, end) + 1);
  }
  return members;
}

function kindOf(first: number): MemberKind {
  if (first === 34) return "string";
  if (first === 123 || first === 91) return "json";
  if (first === 116 || first === 102) return "boolean";
  return first === 110 ? "null" : "number";
}

function endOfValue(line: string, start: number, kind: MemberKind): number {
  if (kind === "string") return endOfString(line, start);
  if (kind === "json") return endOfNested(line, start);
  let at = start;
  for (; at < line.length; at += 1) {
    const unit = line.charCodeAt(at);
    if (unit === 44 || unit === 125 || isBlank(unit)) break;
  }
  return at;
}

/** After the object or array that begins at `start`, -1 where it nests too deep. */
function endOfNested(line: string, start: number): number {
  // The row's own object is the first level.
  let depth = 1;
  for (let at = start; ; ) {
    const unit = line.charCodeAt(at);
    if (unit === 34) {
      at = endOfString(line, at);
      continue;
    }
    at += 1;
    if (unit === 123 || unit === 91) {
      depth += 1;
      if (depth > maxDepth) return -1;
    } else if (unit === 125 || unit === 93) {
      depth -= 1;
      if (depth === 1) return at;
    }
  }
}

/** After the closing quote of the string that begins at `start`. */
function endOfString(line: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const unit = line.charCodeAt(at);
    if (unit === 34) return at + 1;
    if (unit === 92) at += 1;
  }
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 13 || unit === 10;
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;

/** An escaped NUL, or a surrogate escaped without its other half. */
function findBadEscape(line: string): Rejection | null {
  let highEnd = -1;
  for (const { 0: text, 1: digits, index } of line.matchAll(escapes)) {
    const unit = digits === undefined ? 1 : Number.parseInt(digits, 16);
    if (unit === 0) return rejections.nul;
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    const fits = highEnd < 0 ? !isLow : isLow && index === highEnd;
    if (!fits) return rejections.surrogate;
    highEnd = unit >= 0xd800 && unit <= 0xdbff ? index + text.length : -1;
  }
  return highEnd < 0 ? null : rejections.surrogate;
}
