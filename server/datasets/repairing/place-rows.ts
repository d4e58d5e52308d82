import type { ClientSession } from "mongodb";
import type { DatasetDocument } from "../dataset.model.ts";
import { cutText, mayBeCut } from "../parsing/rows.ts";
import type { RecordDocument, RejectDocument } from "../parsing/seam.ts";
import type { Rows } from "../rows.ts";
import { createIsAsGiven, textOf } from "./given-rows.ts";
import type { RepairRow } from "./seam.ts";

/** Lines of a repair file that name no place, of which more are only counted. */
const mostLinesTold = 10;

/** What became of rows of a repair file; `imported` counts those that were in already, too. */
export type Tally = {
  imported: number;
  rejected: number;
  alreadyIn: number;
  /** of the rejected ones those that name no row of the dataset */
  unknown: number;
  unknownLines: number[];
};

export const noTally: Tally = {
  imported: 0,
  rejected: 0,
  alreadyIn: 0,
  unknown: 0,
  unknownLines: [],
};

export const addTallies = (one: Tally, other: Tally): Tally => ({
  imported: one.imported + other.imported,
  rejected: one.rejected + other.rejected,
  alreadyIn: one.alreadyIn + other.alreadyIn,
  unknown: one.unknown + other.unknown,
  unknownLines: [...one.unknownLines, ...other.unknownLines].slice(0, mostLinesTold),
});

/** `placed` rows left the rejects; `isChanged` also where only their reasons are others. */
export type Placed = { tally: Tally; placed: number; isChanged: boolean };

/**
 * Puts the rows of a repair that fit into their places and tells the others why they don't, as part of a
 * transaction that has already written to the dataset, so that nobody else repairs it meanwhile.
 */
export async function placeRows(
  rows: Pick<Rows, "records" | "rejects">,
  dataset: DatasetDocument,
  given: readonly RepairRow[],
  session: ClientSession,
): Promise<Placed> {
  const { _id: id, format, delimiter = ",", rows: imported, rejected, repairs = 0 } = dataset;
  const tally: Tally = { ...noTally, unknownLines: [] };
  const byRow = groupByRow(given, imported + rejected, tally);
  const places = [...byRow.keys()];
  const isAsGiven = createIsAsGiven(format, delimiter);
  const inside: number[] = [];
  const records: RecordDocument[] = [];
  const replaced: RejectDocument[] = [];

  const there = rows.records(id).find({ _id: { $in: places } }, { session });
  for await (const { _id } of there.project<{ _id: number }>({ _id: 1 })) {
    const count = take(_id).length;
    inside.push(_id);
    tally.imported += count;
    tally.alreadyIn += count;
  }
  for await (const kept of rows
    .rejects(id)
    .find({ _id: { $in: [...byRow.keys()] } }, { session })) {
    decide(kept._id, take(kept._id), kept);
  }
  // Counted, but beyond those that are kept.
  for (const row of [...byRow.keys()]) decide(row, take(row), null);

  function take(row: number): RepairRow[] {
    const found = byRow.get(row) ?? [];
    byRow.delete(row);
    return found;
  }

  /** Several rows may name one place: the first that fits has it. */
  function decide(row: number, candidates: RepairRow[], kept: RejectDocument | null): void {
    const mended = candidates.filter((one) => !kept || !isAsGiven(kept, one));
    const fitting = mended.find(({ record }) => record);
    const before = fitting ? candidates.indexOf(fitting) : candidates.length;
    tally.rejected += before;
    tally.imported += candidates.length - before;
    tally.alreadyIn += Math.max(0, candidates.length - before - 1);
    if (fitting?.record) {
      inside.push(row);
      records.push({ _id: row, ...fitting.record, r: repairs });
    }
    const last = mended.at(-1);
    if (fitting || !kept || !last) return;
    const next = toReject(kept, last);
    if (!isSame(kept, next)) replaced.push(next);
  }

  if (records.length > 0) await rows.records(id).insertMany(records, { session });
  const rejects = rows.rejects(id);
  const { deletedCount } = await rejects.deleteMany({ _id: { $in: inside } }, { session });
  const updates = replaced.map((one) => ({
    replaceOne: { filter: { _id: one._id }, replacement: one },
  }));
  if (updates.length > 0) await rejects.bulkWrite(updates, { session });
  const changes = records.length + deletedCount + updates.length;
  return { tally, placed: records.length, isChanged: changes > 0 };
}

/** By their places, as far as these are among the dataset's rows; the others are counted. */
function groupByRow(given: readonly RepairRow[], lastRow: number, tally: Tally) {
  const byRow = new Map<number, RepairRow[]>();
  for (const one of given) {
    if (one.row !== null && one.row <= lastRow) {
      byRow.set(one.row, [...(byRow.get(one.row) ?? []), one]);
      continue;
    }
    tally.rejected += 1;
    tally.unknown += 1;
    if (tally.unknownLines.length < mostLinesTold) tally.unknownLines.push(one.line);
  }
  return byRow;
}

/** The reject that a row has become, at the line of the source where it has always been. */
function toReject({ _id, line }: RejectDocument, { text, rejection }: RepairRow): RejectDocument {
  if (!rejection) throw new Error("the row isn't rejected");
  const raw = cutText(text);
  const isLonger = mayBeCut(raw) && rejection.code !== "too_large";
  return { _id, line, ...rejection, raw, ...(isLonger && { text }) };
}

const isSame = (one: RejectDocument, other: RejectDocument): boolean =>
  one.code === other.code &&
  one.column === other.column &&
  one.message === other.message &&
  textOf(one) === textOf(other);
