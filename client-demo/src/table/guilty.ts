import type { Dataset, Reject } from "../../../protocol/datasets.ts";
import { findCell, findEnds, findMember } from "./guilty-cell.ts";

/**
 * A rejected row's text in three parts, the middle one being where it went wrong; `missing` says what
 * should stand there and doesn't.
 */
export type Marked = { before: string; guilty: string; after: string; missing?: string };

type Source = Pick<Dataset, "columns" | "format">;

/** Finds the place as far as the text tells it; else the whole row is to blame. */
export const findGuilty = (reject: Reject, source: Source): Marked => {
  const { code, message, raw } = reject;
  const whole = { before: "", guilty: raw, after: "" };
  if (code === "type") return findMisfit(reject, source) ?? whole;
  if (code === "column_count") return findSpareOrMissing(message, raw) ?? whole;
  if (code === "quote") return findQuote(raw) ?? whole;
  if (code === "encoding") return findBadBytes(raw) ?? whole;
  return whole;
};

const mostBefore = 24;

/** The same place with little in front of it, so that a cut cell still shows it. */
export const bringIntoSight = ({ before, guilty, after, ...rest }: Marked): Marked => {
  const start = before.length > mostBefore ? `…${before.slice(-mostBefore)}` : before;
  return { ...rest, before: start, guilty: guilty.slice(0, 200), after: after.slice(0, 200) };
};

/** The cells beyond the header's; where there are too few, the end that lacks them. */
const findSpareOrMissing = (message: string, raw: string): Marked | null => {
  const [found = 0, wanted = 0] = (message.match(/\d+/g) ?? []).map(Number);
  if (found < wanted) {
    const missing = wanted - found === 1 ? "1 cell missing" : `${wanted - found} cells missing`;
    return { before: raw, guilty: "", after: "", missing };
  }
  const ends = findEnds(raw, found);
  if (!ends) return null;
  return cut(raw, ends[wanted - 1] ?? raw.length, raw.length);
};

/** The cell that isn't of the type that its column was declared with. */
const findMisfit = ({ raw, column }: Reject, { columns, format }: Source): Marked | null => {
  if (column === undefined) return null;
  const index = columns.findIndex(({ name }) => name === column);
  const found = format === "csv" ? findCell(raw, index, columns.length) : findMember(raw, column);
  return found && cut(raw, found.from, found.to);
};

/** The text behind a closing quote, or from the quote on that is never closed. */
const findQuote = (raw: string): Marked | null => {
  const text = /(^|[,;\t|])("(?:[^"]|"")*")([^,;\t|"]+)/.exec(raw);
  if (text) {
    const from = text.index + (text[1]?.length ?? 0) + (text[2]?.length ?? 0);
    return cut(raw, from, from + (text[3]?.length ?? 0));
  }
  const open = raw.lastIndexOf('"');
  return open < 0 ? null : cut(raw, open, raw.length);
};

/** What stands for bytes that are no text; a NUL can't be seen and is written out. */
const findBadBytes = (raw: string): Marked | null => {
  const bad = /[\uFFFD\0]+/.exec(raw);
  if (!bad) return null;
  const place = cut(raw, bad.index, bad.index + bad[0].length);
  return { ...place, guilty: place.guilty.replaceAll("\0", "\\0") };
};

const cut = (raw: string, from: number, to: number): Marked => ({
  before: raw.slice(0, from),
  guilty: raw.slice(from, to),
  after: raw.slice(to),
});
