import { cellText } from "../parsing/csv-header.ts";
import { type CsvRows, createCsvRows, wrongCount } from "../parsing/csv-rows.ts";
import type { Place, Plan } from "../parsing/seam.ts";
import type { Window } from "../parsing/window.ts";
import { mostCells, type RepairHeader } from "./csv-header.ts";
import { toCsvLine } from "./csv-line.ts";
import { type FoundRow, type Step, toRow } from "./seam.ts";

/** The rows of a CSV repair file from `from` on, where the window begins, each as a line of the source. */
export async function* readCsvRepair(
  window: Window,
  from: Place,
  header: RepairHeader,
  { columns, delimiter = "," }: Plan,
): AsyncGenerator<Step> {
  const rows = createCsvRows(window, from, header.delimiter, mostCells);
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    if (step === "more") await rows.fill();
    else yield { found: read(rows), end: { ...rows.place } };
  }

  function read({ found, cells: row }: CsvRows): FoundRow {
    const { line, rejection, raw, whole } = found;
    // Of those that are refused, only the cells of bad bytes are known.
    if (rejection && rejection.code !== "encoding") {
      const text = whole ?? raw;
      return { row: findRow(text, header), line, text, rejection };
    }
    if (row.cells > mostCells) {
      const text = window.bytes.toString("utf8", row.start, row.end);
      const tooMany = wrongCount(row.cells - header.meta.size, columns.length);
      return { row: findRow(text, header), line, text, rejection: tooMany };
    }
    const cells = Array.from({ length: row.cells }, (_, at) => cellText(row, window.bytes, at));
    const own = ownCells(cells, header);
    const misfit = own.isFull ? null : wrongCount(own.cells.length, columns.length);
    return {
      row: toRow(cells[header.placeAt] ?? ""),
      line,
      text: toCsvLine(own.cells, delimiter),
      rejection: rejection ?? misfit,
    };
  }
}

/** A row's own cells in the order of the dataset's columns, and whether it has one for each and no more. */
function ownCells(cells: string[], { width, named, meta, cellOf }: RepairHeader) {
  if (cells.length < named) return { cells: cells.filter((_, at) => !meta.has(at)), isFull: false };
  const beyond = cells.slice(named);
  // Under a header without a name an empty cell is none.
  if (cells.length <= width) while (beyond.at(-1) === "") beyond.pop();
  const ordered = cellOf.map((at) => cells[at] ?? "");
  return { cells: [...ordered, ...beyond], isFull: beyond.length === 0 };
}

/** The place of a row that can't be split, where that is the first of its cells. */
function findRow(text: string, { placeAt, delimiter }: RepairHeader): number | null {
  const [all, , digits = ""] = /^("?)(\d{1,15})\1/.exec(text) ?? [""];
  return placeAt === 0 && text[all.length] === delimiter ? toRow(digits) : null;
}
