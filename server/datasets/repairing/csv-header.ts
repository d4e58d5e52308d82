import { type Delimiter, delimiters } from "../../../protocol/datasets.ts";
import { readNames } from "../parsing/csv-header.ts";
import { createCsvRows } from "../parsing/csv-rows.ts";
import { FileError, type Place, type Plan } from "../parsing/seam.ts";
import type { Window } from "../parsing/window.ts";
import { metaNames } from "./seam.ts";

/** As wide as a sheet of a spreadsheet may be. */
export const mostCells = 16_384;

/** What a repair file's header says of the cells of its rows. */
export type RepairHeader = {
  delimiter: Delimiter;
  /** where the first row begins */
  start: Place;
  /** cells of the header, and without those at its end that have no name */
  width: number;
  named: number;
  /** the cell that holds the row's place, and all that aren't the row's own */
  placeAt: number;
  meta: ReadonlySet<number>;
  /** by the dataset's columns: their cell */
  cellOf: number[];
};

/**
 * Reads the header of a repair file, from a window that stands behind its byte order mark. Its delimiter is the
 * source's, or else the one that makes it a header with `_row`: spreadsheets choose their own.
 */
export async function readRepairHeader(window: Window, plan: Plan): Promise<RepairHeader> {
  const top: Place = { offset: window.base + window.start, row: 0, line: 1 };
  let failure: unknown = null;
  for (const delimiter of new Set([plan.delimiter ?? ",", ...delimiters])) {
    window.start = top.offset - window.base;
    const rows = createCsvRows(window, top, delimiter, mostCells);
    try {
      const names = await readNames(rows, window, mostCells);
      if (!names.includes("_row")) continue;
      return { delimiter, start: { ...rows.place, row: 0 }, ...readLayout(names, plan) };
    } catch (err) {
      if (!(err instanceof FileError) || err.code === "column_unknown") throw err;
      failure ??= err;
    }
  }
  throw failure ?? new FileError("header_invalid", 'The header has no column "_row".');
}

/** The first of each of our names is ours; the rest are the dataset's columns, in any order. */
function readLayout(names: string[], { columns }: Plan) {
  const named = names.findLastIndex((name) => name !== "") + 1;
  const meta = new Set(metaNames.map((name) => names.indexOf(name)).filter((at) => at >= 0));
  const places = new Map<string, number>();
  for (let at = 0; at < named; at += 1) {
    const name = names[at] ?? "";
    if (meta.has(at)) continue;
    if (places.has(name))
      throw new FileError("header_invalid", `${quote(name)} stands there twice.`);
    places.set(name, at);
  }
  const cellOf = columns.map(({ name }) => {
    const at = places.get(name);
    if (at === undefined)
      throw new FileError("header_invalid", `The header has no column ${quote(name)}.`);
    places.delete(name);
    return at;
  });
  const [unknown] = places.keys();
  if (unknown !== undefined) {
    throw new FileError("column_unknown", `The dataset has no column ${quote(unknown)}.`);
  }
  return { width: names.length, named, placeAt: names.indexOf("_row"), meta, cellOf };
}

const quote = (name: string) => JSON.stringify(name);
