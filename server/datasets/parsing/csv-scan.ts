import { sniffDelimiter } from "./csv-delimiter.ts";
import { readHeader, refuseTooMany } from "./csv-header.ts";
import { type CsvRows, createCsvRows } from "./csv-rows.ts";
import { anyTypes, inferredType, narrowTypes, type PossibleTypes } from "./csv-types.ts";
import { FileError, type Place, type Plan, type ScanSpec } from "./seam.ts";
import type { Window } from "./window.ts";

/** Plans the import of a CSV file from a window that stands behind its byte order mark. */
export async function scanCsv(window: Window, spec: ScanSpec): Promise<Plan> {
  const { options, maxColumns } = spec;
  const delimiter = options.delimiter ?? (await sniffDelimiter(window));
  const top: Place = { offset: window.base + window.start, row: 0, line: 1 };
  let start = top;
  let names: string[] | null = null;
  if (options.header !== false) {
    const rows = createCsvRows(window, top, delimiter, maxColumns);
    names = await readHeader(rows, window, maxColumns);
    start = { ...rows.place, row: 0 };
  }
  const rows = createCsvRows(window, start, delimiter, maxColumns);
  const types = await inferTypes(rows, window, names?.length ?? 0, maxColumns);
  if (!types) throw new FileError("header_invalid", "The file holds no row that can be read.");
  const columns = [...types].map((left, index) => ({
    key: `c${index}`,
    name: names?.[index] ?? `column_${index + 1}`,
    type: inferredType(left),
  }));
  return { format: "csv", delimiter, start, columns, rows: rows.place.row };
}

/** Reads all rows; without a `width` the first one whose form is right gives it, null if none is. */
async function inferTypes(
  rows: CsvRows,
  window: Window,
  width: number,
  maxColumns: number,
): Promise<PossibleTypes | null> {
  let types = width > 0 ? anyTypes(width) : null;
  rows.expect(width);
  for (;;) {
    const step = rows.next();
    if (step === "end") return types;
    if (step === "more") {
      await rows.fill();
      continue;
    }
    if (rows.found.rejection) continue;
    if (!types) {
      refuseTooMany(rows.cells.cells, maxColumns, rows.found.line);
      types = anyTypes(rows.cells.cells);
      rows.expect(rows.cells.cells);
    }
    narrowTypes(types, rows.cells, window.bytes);
  }
}
