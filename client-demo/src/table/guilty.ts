import type { Reject } from "../../../protocol/datasets.ts";

/** A rejected row's text in three parts, the middle one being where it went wrong. */
export type Marked = { before: string; guilty: string; after: string };

const delimiters = [",", ";", "\t", "|"];

/** Finds the place as far as the text tells it; null where nothing in it stands out. */
export const findGuilty = ({ code, message, raw }: Reject): Marked | null => {
  if (code === "column_count") return findSpareCells(message, raw);
  if (code === "quote") return findQuote(raw);
  return null;
};

const mostBefore = 24;

/** The same place with little in front of it, so that a cut cell still shows it. */
export const bringIntoSight = ({ before, guilty, after }: Marked): Marked => {
  const start = before.length > mostBefore ? `…${before.slice(-mostBefore)}` : before;
  return { before: start, guilty: guilty.slice(0, 200), after: after.slice(0, 200) };
};

/** The cells beyond the header's; where there are too few, the end that lacks them. */
const findSpareCells = (message: string, raw: string): Marked | null => {
  const [found = 0, wanted = 0] = (message.match(/\d+/g) ?? []).map(Number);
  const ends = delimiters
    .map((one) => endsOfCells(raw, one))
    .find(({ length }) => length === found);
  if (!ends || found <= wanted) return null;
  const from = ends[wanted - 1] ?? raw.length;
  return { before: raw.slice(0, from), guilty: raw.slice(from), after: "" };
};

/** Where each cell ends; a delimiter inside quotes is part of its cell. */
const endsOfCells = (raw: string, delimiter: string): number[] => {
  const ends: number[] = [];
  let isQuoted = false;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '"') isQuoted = !isQuoted;
    if (raw[at] === delimiter && !isQuoted) ends.push(at);
  }
  return [...ends, raw.length];
};

/** The text behind a closing quote, or from the quote on that is never closed. */
const findQuote = (raw: string): Marked | null => {
  const text = /(^|[,;\t|])("(?:[^"]|"")*")([^,;\t|"]+)/.exec(raw);
  if (text) {
    const from = text.index + (text[1]?.length ?? 0) + (text[2]?.length ?? 0);
    const to = from + (text[3]?.length ?? 0);
    return { before: raw.slice(0, from), guilty: raw.slice(from, to), after: raw.slice(to) };
  }
  const open = raw.lastIndexOf('"');
  return open < 0 ? null : { before: raw.slice(0, open), guilty: raw.slice(open), after: "" };
};
