import type { Format } from "../../../protocol/datasets.ts";
import { skipByteOrderMark } from "../parsing/encoding-mark.ts";
import type { Place, Plan, PlannedColumn } from "../parsing/seam.ts";
import { createWindow } from "../parsing/window.ts";
import { type FromTop, type RepairHeader, readRepairHeader } from "./csv-header.ts";
import { readCsvRepair } from "./csv-repair.ts";
import { fitRows } from "./fit-rows.ts";
import { readNdjsonRepair } from "./ndjson-repair.ts";
import type { FoundRow, RepairBatch } from "./seam.ts";

/** Each batch is one transaction, which must stay small. */
const mostRows = 1000;
const mostUnits = 1024 * 1024;

type Open = (offset: number) => AsyncIterable<Uint8Array>;
type Start = { place: Place; header: RepairHeader | null };
type Repaired = { format: Format; delimiter?: Plan["delimiter"]; columns: PlannedColumn[] };

/** How a dataset's rows are read from a repair: its columns as if their types had been declared. */
export const toRepairPlan = ({ format, delimiter = ",", columns }: Repaired): Plan => ({
  format,
  ...(format === "csv" && { delimiter }),
  start: { offset: 0, row: 0, line: 1 },
  // Numbers that are kept as text have a check of their own.
  columns: columns.map((one) => (one.numeric ? one : { ...one, declared: true })),
  rows: 0,
});

/**
 * The rows of a repair file, from where a batch ended or from the start, in batches of 1,000 rows or 1 Mi
 * characters. Throws FileError where the file as a whole isn't a repair of this dataset.
 */
export async function* readRepair(
  open: Open,
  plan: Plan,
  from: Place | null,
): AsyncGenerator<RepairBatch> {
  const start = await readStart(open, plan);
  const place = from ?? start.place;
  const window = createWindow(open(place.offset), place.offset);
  const steps = start.header
    ? readCsvRepair(window, place, start.header, plan)
    : readNdjsonRepair(window, place, plan.columns);
  let rows: FoundRow[] = [];
  let units = 0;
  let reached = place;
  try {
    for await (const { found, end } of steps) {
      rows.push(found);
      units += found.text.length;
      reached = end;
      if (rows.length < mostRows && units < mostUnits) continue;
      yield { rows: await fitRows(rows, plan), end };
      rows = [];
      units = 0;
    }
    if (rows.length > 0) yield { rows: await fitRows(rows, plan), end: reached };
  } finally {
    await window.close();
  }
}

/** The header is read by every attempt again; it is short. */
async function readStart(open: Open, plan: Plan): Promise<Start> {
  const fromTop: FromTop = async (read) => {
    const window = createWindow(open(0), 0);
    try {
      await skipByteOrderMark(window);
      return await read(window);
    } finally {
      await window.close();
    }
  };
  if (plan.format === "ndjson") {
    const offset = await fromTop(async ({ start }) => start);
    return { place: { offset, row: 0, line: 1 }, header: null };
  }
  const header = await readRepairHeader(fromTop, plan);
  return { place: header.start, header };
}
