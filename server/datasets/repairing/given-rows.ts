import type { Delimiter, Format } from "../../../protocol/datasets.ts";
import { mayBeCut } from "../parsing/rows.ts";
import type { RejectDocument } from "../parsing/seam.ts";
import { createSplitter, toCsvLine } from "./csv-line.ts";
import { joinMembers, readObject } from "./json-object.ts";
import type { FoundRow } from "./seam.ts";

type Text = Pick<RejectDocument, "code" | "raw" | "text">;

/** The whole text of a rejected row; of one that is larger than a row may be, its beginning. */
export const textOf = ({ raw, text }: Text): string => text ?? raw;

/** Gives the cells of a rejected row; one that can't be split, or isn't whole, is a single cell. */
export function createCellReader(delimiter: Delimiter): (reject: Text) => string[] {
  const split = createSplitter(delimiter);
  return (reject) => {
    const isCut = reject.code === "too_large" || (!reject.text && mayBeCut(reject.raw));
    const text = textOf(reject);
    return (isCut ? null : split(text)) ?? [text];
  };
}

/** Tells whether a row of a repair is what the file of rejects gave out, so that nobody has mended it. */
export type IsAsGiven = (reject: Text, found: FoundRow) => boolean;

export const createIsAsGiven = (format: Format, delimiter: Delimiter): IsAsGiven =>
  format === "csv" ? createIsSameCsv(delimiter) : isSameNdjson;

function createIsSameCsv(delimiter: Delimiter): IsAsGiven {
  const cellsOf = createCellReader(delimiter);
  /** Spreadsheets fill rows up with empty cells. */
  const trim = (line: string) => {
    let end = line.length;
    while (line[end - 1] === delimiter) end -= 1;
    return line.slice(0, end);
  };
  return (reject, { text }) => {
    const given = toCsvLine(cellsOf(reject), delimiter);
    if (text === given) return true;
    // Of these two, what was filled up may well be what was asked for.
    const isOfCells = reject.code === "column_count" || reject.code === "type";
    return !isOfCells && trim(text) === trim(given);
  };
}

const isSameNdjson: IsAsGiven = (reject, { text }) => {
  const given = textOf(reject);
  if (text === given) return true;
  const bytes = Buffer.from(given);
  const members = readObject(bytes);
  return members !== null && joinMembers(bytes, members) === text;
};
