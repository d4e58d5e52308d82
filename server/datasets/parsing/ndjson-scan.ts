import { refuseUnknown, toColumn, toDeclaredTypes } from "./declared.ts";
import { maxNameBytes } from "./limits.ts";
import { createNames, type Names } from "./ndjson-names.ts";
import type { NdjsonRow } from "./ndjson-row.ts";
import { createNdjsonRows } from "./ndjson-rows.ts";
import { typeBit, typeOfBits } from "./ndjson-types.ts";
import { FileError, type Place, type Plan, type ScanSpec } from "./seam.ts";
import type { Window } from "./window.ts";

/** Plans the import of an NDJSON file from a window that stands behind its byte order mark. */
export async function scanNdjson(window: Window, { options, maxColumns }: ScanSpec): Promise<Plan> {
  const declared = toDeclaredTypes(options.columns);
  const start: Place = { offset: window.base + window.start, row: 0, line: 1 };
  const rows = createNdjsonRows(window, start);
  const found: Found[] = [];
  const known = createNames([], (name) => {
    refuseColumn(name, found.length + 1, rows.found.line, maxColumns);
    return found.push({ name, bits: 0, isDeclared: declared.has(name) }) - 1;
  });
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    if (step === "more") await rows.fill();
    else if (!rows.found.rejection) addRow(found, known, rows.row, window.bytes);
  }
  if (rows.place.row === 0) throw new FileError("header_invalid", "The file is empty.");
  const names = found.map(({ name }) => name);
  refuseUnknown(declared, names);
  const columns = found.map(({ name, bits }, index) =>
    toColumn(index, name, declared, () => typeOfBits(bits)),
  );
  return { format: "ndjson", start, columns, rows: rows.place.row };
}

type Found = { name: string; bits: number; isDeclared: boolean };

function addRow(columns: Found[], names: Names, row: NdjsonRow, bytes: Buffer): void {
  names.resolve(row, bytes);
  for (let member = 0; member < row.members; member += 1) {
    const column = columns[row.columns[member] as number];
    if (!column || column.isDeclared) continue;
    const kind = row.kinds[member] as number;
    const from = row.values[2 * member] as number;
    column.bits |= typeBit(kind, bytes, from, row.values[2 * member + 1] as number);
  }
}

function refuseColumn(name: string, columns: number, line: number, maxColumns: number): void {
  if (columns > maxColumns) {
    const message = `Up to line ${line} the file has ${columns} columns; ${maxColumns} are allowed.`;
    throw new FileError("too_many_columns", message);
  }
  if (Buffer.byteLength(name) > maxNameBytes) {
    const message = `A name in line ${line} is longer than 1,000 bytes.`;
    throw new FileError("header_invalid", message);
  }
}
