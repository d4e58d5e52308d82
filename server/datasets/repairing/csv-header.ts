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

/** Gives a new window that stands at a file's first line to whoever wants to read it. */
export type FromTop = <T>(read: (window: Window) => Promise<T>) => Promise<T>;

/**
 * Reads the header of a repair file. Its delimiter is the source's, or else the one that makes it a header with
 * `_row`: spreadsheets choose their own.
 */
export async function readRepairHeader(fromTop: FromTop, plan: Plan): Promise<RepairHeader> {
  let failure: unknown = null;
  for (const delimiter of new Set([plan.delimiter ?? ",", ...delimiters])) {
    const found = await fromTop((window) => readAs(window, delimiter)).catch((err: unknown) => {
      if (!(err instanceof FileError)) throw err;
      // The same bytes may make a header with another delimiter.
      failure ??= err;
    });
    if (found?.names.includes("_row")) {
      return { delimiter, start: found.start, ...readLayout(found.names, plan) };
    }
  }
  throw failure ?? new FileError("header_invalid", 'The header has no column "_row".');
}

async function readAs(window: Window, delimiter: Delimiter) {
  const top = { offset: window.base + window.start, row: 0, line: 1 };
  const rows = createCsvRows(window, top, delimiter, mostCells);
  const names = await readNames(rows, window, mostCells);
  return { names, start: { ...rows.place, row: 0 } };
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
