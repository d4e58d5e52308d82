const quote = 34;
const apostrophe = 39;
const backslash = 92;
const blank = 32;
const minus = 45;
const dot = 46;
const zero = 48;
const lineFeed = 10;
/** The most bytes that one byte of a text can come to, `\u001f`. */
export const mostPerByte = 6;

const among = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
};
/** Delimiters other than the comma, too: whoever reads the file and has to guess shall not guess these. */
const quoted = among('",;|\t\r\n');
const escaped = among(`"\\${String.fromCharCode(...Array(blank).keys())}`);
const shortEscapes = new Map([
  [8, "b"],
  [9, "t"],
  [10, "n"],
  [12, "f"],
  [13, "r"],
  [quote, '"'],
  [backslash, "\\"],
]);

/** Each function here writes the text `source[start..end)`, which is UTF-8, and answers where it ended. */
export function writePlain(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  source.copy(target, at, start, end);
  return at + end - start;
}

/** A cell of CSV (RFC 4180), in quotes where it needs them; `isGuarded` puts `'` in front. */
export function writeCsvText(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
  isGuarded: boolean,
): number {
  let to = at;
  if (isGuarded) target[to++] = apostrophe;
  let needsQuotes = 0;
  for (let from = start; from < end; from += 1) {
    const byte = source[from] as number;
    needsQuotes |= quoted[byte] as number;
    target[to++] = byte;
  }
  return needsQuotes === 0 ? to : writeQuoted(target, at, source, start, end, isGuarded);
}

export function writeQuoted(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
  isGuarded: boolean,
): number {
  let to = at;
  target[to++] = quote;
  if (isGuarded) target[to++] = apostrophe;
  for (let from = start; from < end; from += 1) {
    const byte = source[from] as number;
    if (byte === quote) target[to++] = quote;
    target[to++] = byte;
  }
  target[to++] = quote;
  return to;
}

/** A string of JSON (RFC 8259). */
export function writeJsonString(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  let to = at;
  target[to++] = quote;
  for (let from = start; from < end; from += 1) {
    const byte = source[from] as number;
    if (escaped[byte] === 1) to = writeEscape(target, to, byte);
    else target[to++] = byte;
  }
  target[to++] = quote;
  return to;
}

function writeEscape(target: Buffer, at: number, byte: number): number {
  const short = shortEscapes.get(byte);
  const code = `u${byte.toString(16).padStart(4, "0")}`;
  return at + target.write(`\\${short ?? code}`, at, "latin1");
}

/** JSON as it stands, in one line: a line end in it is a blank between two tokens. */
export function writeJson(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  const to = writePlain(target, at, source, start, end);
  for (let i = at; i < to; i += 1) if (target[i] === lineFeed) target[i] = blank;
  return to;
}

/** Any decimal of up to 15 digits is the shortest that stands for its double. */
const mostDigits = 1e15;
const mostPlaces = 6;

/**
 * A number as JavaScript and JSON write it. Most have few digits: those are written without a string of each,
 * which V8 would keep for a while.
 */
export function writeNumberText(target: Buffer, at: number, value: number): number {
  const size = Math.abs(value);
  for (let places = 0, scale = 1; places <= mostPlaces; places += 1, scale *= 10) {
    const digits = Math.round(size * scale);
    if (digits >= mostDigits) break;
    if (digits / scale !== size) continue;
    let to = at;
    if (value < 0) target[to++] = minus;
    return writeDecimal(target, to, digits, places);
  }
  return at + target.write(String(value), at, "latin1");
}

/** The digits of an integer, the last `places` of them behind a point. */
function writeDecimal(target: Buffer, at: number, digits: number, places: number): number {
  let count = 1;
  for (let left = digits; left >= 10; left = Math.floor(left / 10)) count += 1;
  const point = Math.max(1, count - places);
  const end = at + (places === 0 ? count : point + 1 + places);
  let left = digits;
  for (let to = end - 1; to >= at; to -= 1) {
    if (places > 0 && to === at + point) target[to] = dot;
    else {
      const rest = Math.floor(left / 10);
      target[to] = zero + left - 10 * rest;
      left = rest;
    }
  }
  return end;
}

const trueText = Buffer.from("true");
const falseText = Buffer.from("false");

export function writeBoolean(target: Buffer, at: number, value: boolean): number {
  const text = value ? trueText : falseText;
  target.set(text, at);
  return at + text.length;
}
