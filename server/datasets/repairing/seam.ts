import type { Rejection } from "../parsing/rows.ts";
import type { Place, RecordDocument } from "../parsing/seam.ts";

/** What stands beside a row's cells in a file of rejects, and says which row it is. */
export const metaNames: readonly string[] = ["_row", "_code", "_message"];

/** A row of a repair file: `row` is its place in the dataset, null where it names none; `text` is in the source's form. */
export type FoundRow = {
  row: number | null;
  /** on which it begins in the repair file */
  line: number;
  text: string;
  rejection: Rejection | null;
};

/** A row and where the next one begins. */
export type Step = { found: FoundRow; end: Place };

/** `record` is what is to be stored of a row that fits, without its place. */
export type RepairRow = FoundRow & { record: Pick<RecordDocument, "c" | "t"> | null };

export type RepairBatch = { rows: RepairRow[]; end: Place };

/** The number of a row; null for whatever else somebody wrote in its place. */
export const toRow = (text: string): number | null =>
  /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
