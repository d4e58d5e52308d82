import { maxNameBytes } from "./limits.ts";
import { createNdjsonRows, type NdjsonRows } from "./ndjson-rows.ts";
import { typeBit, typeOfBits } from "./ndjson-types.ts";
import { FileError, type Place, type Plan, type ScanSpec } from "./seam.ts";
import type { Window } from "./window.ts";

/** Plans the import of an NDJSON file from a window that stands behind its byte order mark. */
export async function scanNdjson(window: Window, { maxColumns }: ScanSpec): Promise<Plan> {
  const start: Place = { offset: window.base + window.start, row: 0, line: 1 };
  const rows = createNdjsonRows(window, start);
  const bits = new Map<string, number>();
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    if (step === "more") await rows.fill();
    else if (!rows.found.rejection) addRow(bits, rows, maxColumns);
  }
  if (rows.place.row === 0) throw new FileError("header_invalid", "The file is empty.");
  const columns = [...bits].map(([name, types], index) => ({
    key: `c${index}`,
    name,
    ...typeOfBits(types),
  }));
  return { format: "ndjson", start, columns, rows: rows.place.row };
}

function addRow(bits: Map<string, number>, rows: NdjsonRows, maxColumns: number): void {
  for (const [name, member] of rows.members()) {
    const before = bits.get(name);
    if (before === undefined) refuseColumn(name, bits.size + 1, rows.found.line, maxColumns);
    bits.set(name, (before ?? 0) | typeBit(member));
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
