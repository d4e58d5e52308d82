import { sniffDelimiter } from "./csv-delimiter.ts";
import { readHeader, refuseTooMany } from "./csv-header.ts";
import { type CsvRows, createCsvRows } from "./csv-rows.ts";
import { anyTypes, inferredType, narrowTypes, type PossibleTypes } from "./csv-types.ts";
import { refuseUnknown, toColumn, toDeclaredTypes } from "./declared.ts";
import { FileError, type Place, type Plan, type ScanSpec } from "./seam.ts";
import type { Window } from "./window.ts";

/** Plans the import of a CSV file from a window that stands behind its byte order mark. */
export async function scanCsv(window: Window, spec: ScanSpec): Promise<Plan> {
  const { options, maxColumns } = spec;
  const declared = toDeclaredTypes(options.columns);
  const delimiter = options.delimiter ?? (await sniffDelimiter(window));
  const top: Place = { offset: window.base + window.start, row: 0, line: 1 };
  let start = top;
  let names: string[] = [];
  if (options.header !== false) {
    const rows = createCsvRows(window, top, delimiter, maxColumns);
    names = await readHeader(rows, window, maxColumns);
    start = { ...rows.place, row: 0 };
  }
  const rows = createCsvRows(window, start, delimiter, maxColumns);
  const begin = (width: number): PossibleTypes => {
    if (names.length === 0) names = Array.from({ length: width }, (_, i) => `column_${i + 1}`);
    refuseUnknown(declared, names);
    return anyTypes(width).map((types, i) => (declared.has(names[i] ?? "") ? 0 : types));
  };
  const types = await inferTypes(rows, window, { width: names.length, maxColumns, begin });
  if (!types) throw new FileError("header_invalid", "The file holds no row that can be read.");
  const columns = names.map((name, index) =>
    toColumn(index, name, declared, () => ({ type: inferredType(types[index] ?? 0) })),
  );
  return { format: "csv", delimiter, start, columns, rows: rows.place.row };
}

type Widths = { width: number; maxColumns: number; begin: (width: number) => PossibleTypes };

/** Reads all rows; where `width` is 0 the first one whose form is right gives it, null if none is. */
async function inferTypes(
  rows: CsvRows,
  window: Window,
  { width, maxColumns, begin }: Widths,
): Promise<PossibleTypes | null> {
  let types = width > 0 ? begin(width) : null;
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
      types = begin(rows.cells.cells);
      rows.expect(rows.cells.cells);
    }
    narrowTypes(types, rows.cells, window.bytes);
  }
}
