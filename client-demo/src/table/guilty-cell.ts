/** From where to where a cell's text goes. */
export type Stretch = { from: number; to: number };

const delimiters = [",", ";", "\t", "|"];

/** Where the cells of a CSV row end, by the delimiter that makes `count` of it; null if none does. */
export const findEnds = (raw: string, count: number): number[] | null =>
  delimiters.map((one) => endsOfCells(raw, one)).find(({ length }) => length === count) ?? null;

/** A delimiter inside quotes is part of its cell. */
const endsOfCells = (raw: string, delimiter: string): number[] => {
  const ends: number[] = [];
  let isQuoted = false;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '"') isQuoted = !isQuoted;
    if (raw[at] === delimiter && !isQuoted) ends.push(at);
  }
  return [...ends, raw.length];
};

/** The cell at this place of a CSV row with so many cells. */
export const findCell = (raw: string, index: number, count: number): Stretch | null => {
  const ends = findEnds(raw, count);
  const to = ends?.[index];
  if (!ends || to === undefined) return null;
  return { from: index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, to };
};

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** The value of an object's own member of this name; of several the last, which is the one that counts. */
export const findMember = (raw: string, name: string): Stretch | null => {
  let found: Stretch | null = null;
  let depth = 0;
  let key = "";
  let from: number | null = null;
  for (const { 0: token, index } of raw.matchAll(tokens)) {
    const isEnd = depth === 1 && (token === "," || token === "}");
    if (isEnd && from !== null) {
      found = trim(raw, from, index);
      from = null;
    }
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && token === ":") from = readName(key) === name ? index + 1 : null;
    else if (depth === 1 && token !== ",") key = token;
  }
  return found;
};

const readName = (token: string): string | null => {
  try {
    return JSON.parse(token);
  } catch {
    return null;
  }
};

const trim = (raw: string, from: number, to: number): Stretch => {
  const text = raw.slice(from, to);
  return { from: from + text.length - text.trimStart().length, to: from + text.trimEnd().length };
};
