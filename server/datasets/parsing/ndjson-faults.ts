import { type Rejection, rejections } from "./rows.ts";

/** Why a line isn't taken although it is text; the tokeniser found that it isn't a fitting object. */
export function explain(line: string): Rejection {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return rejections.json;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return rejections.notObject;
  }
  return findBadEscape(line) ?? rejections.tooDeep;
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;

/** An escaped NUL, or a surrogate escaped without its other half, in valid JSON. */
export function findBadEscape(line: string): Rejection | null {
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
