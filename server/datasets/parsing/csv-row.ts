import type { Delimiter } from "../../../protocol/datasets.ts";
import { maxRowBytes } from "./limits.ts";

/** What the tokeniser knows of a row. Positions are the window's. */
export type CsvRow = {
  readonly delimiter: number;
  /** The most bytes that a row may have. */
  readonly limit: number;
  /** Start and end of each cell inside its quotes, for as many cells as there is room. */
  readonly spans: Int32Array;
  /** 1 where a cell holds doubled quotes. */
  readonly doubled: Uint8Array;
  start: number;
  /** Where its text ends, without the line end. */
  end: number;
  /** Where the next row begins, or -1: then the rest must be skipped, from `resume` on. */
  next: number;
  resume: number;
  cells: number;
  lines: number;
  /** All bytes or-ed: below 128 the row is ASCII. */
  bits: number;
  nul: boolean;
  /** Where the row's next cell begins. */
  at: number;
  /** Line end inside a quoted cell that comes first, or -1. */
  firstLineEnd: number;
  /** A line end met inside quotes before this point: up to here the quotes stay open. */
  sealed: number;
  jumped: boolean;
  /** Bytes looked at so far, in all rows. */
  looked: number;
};

/** A row with room for `capacity` cells; those beyond are only counted. */
export function createCsvRow(delimiter: Delimiter, capacity: number, limit = maxRowBytes): CsvRow {
  return {
    delimiter: delimiter.charCodeAt(0),
    limit,
    spans: new Int32Array(2 * capacity),
    doubled: new Uint8Array(capacity),
    start: 0,
    end: 0,
    next: 0,
    resume: 0,
    cells: 0,
    lines: 0,
    bits: 0,
    nul: false,
    at: 0,
    firstLineEnd: -1,
    sealed: 0,
    jumped: false,
    looked: 0,
  };
}

export function beginRow(row: CsvRow, start: number): void {
  row.start = start;
  row.at = start;
  row.next = -1;
  row.cells = 0;
  row.lines = 0;
  row.bits = 0;
  row.nul = false;
  row.firstLineEnd = -1;
  row.jumped = false;
}

export function addCell(row: CsvRow, start: number, end: number, doubled: number): void {
  const index = row.cells;
  if (index < row.doubled.length) {
    row.spans[2 * index] = start;
    row.spans[2 * index + 1] = end;
    row.doubled[index] = doubled;
  }
  row.cells = index + 1;
}
