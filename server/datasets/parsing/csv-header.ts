import type { CsvRow } from "./csv-row.ts";
import type { CsvRows } from "./csv-rows.ts";
import { maxNameBytes } from "./limits.ts";
import { FileError } from "./seam.ts";
import type { Window } from "./window.ts";

/** Reads the header, the first line with something in it, and makes its names unique. */
export async function readHeader(
  rows: CsvRows,
  window: Window,
  maxColumns: number,
): Promise<string[]> {
  const names = await readNames(rows, window, maxColumns);
  refuseLongName(names, rows.found.line);
  return makeUnique(names);
}

/** The names as they stand there. */
export async function readNames(
  rows: CsvRows,
  window: Window,
  maxColumns: number,
): Promise<string[]> {
  let step = rows.next();
  for (; step === "more"; step = rows.next()) await rows.fill();
  if (step === "end") throw new FileError("header_invalid", "The file is empty.");
  const { line, rejection } = rows.found;
  if (rejection) {
    const code = rejection.code === "encoding" ? "file_encoding" : "header_invalid";
    throw new FileError(code, `The header in line ${line} can't be read: ${rejection.message}.`);
  }
  refuseTooMany(rows.cells.cells, maxColumns, line);
  return Array.from({ length: rows.cells.cells }, (_, index) =>
    cellText(rows.cells, window.bytes, index),
  );
}

export function refuseTooMany(columns: number, maxColumns: number, line: number): void {
  if (columns <= maxColumns) return;
  const message = `Line ${line} has ${columns} columns; ${maxColumns} are allowed.`;
  throw new FileError("too_many_columns", message);
}

/** The text of a cell, doubled quotes made single; its bytes must be UTF-8. */
export function cellText(row: CsvRow, bytes: Buffer, index: number): string {
  const text = bytes.toString("utf8", row.spans[2 * index], row.spans[2 * index + 1]);
  return row.doubled[index] === 1 ? text.replaceAll('""', '"') : text;
}

function refuseLongName(names: string[], line: number): void {
  const index = names.findIndex((name) => Buffer.byteLength(name) > maxNameBytes);
  if (index < 0) return;
  const message = `The name of column ${index + 1} in line ${line} is longer than 1,000 bytes.`;
  throw new FileError("header_invalid", message);
}

/** Gives empty names their place (`column_3`) and repeated ones a number (`name_2`). */
export function makeUnique(names: string[]): string[] {
  // Names that stand in the file are never taken by one that is made up.
  const taken = new Set(names);
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return names.map((name, index) => {
    if (name !== "" && !seen.has(name)) {
      seen.add(name);
      return name;
    }
    const base = name === "" ? `column_${index + 1}` : name;
    const unique = name === "" && !taken.has(base) ? base : number(base, taken, counts);
    taken.add(unique);
    return unique;
  });
}

function number(base: string, taken: Set<string>, counts: Map<string, number>): string {
  let count = counts.get(base) ?? 2;
  while (taken.has(`${base}_${count}`)) count += 1;
  counts.set(base, count + 1);
  return `${base}_${count}`;
}
