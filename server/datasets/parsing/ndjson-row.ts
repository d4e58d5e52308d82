import { maxDepth } from "./limits.ts";

/** What a member's value is; `json` is an object or an array. */
export const kinds = { null: 0, boolean: 1, number: 2, string: 3, json: 4 } as const;

/** What the tokeniser knows of a row's object. Positions are the window's; arrays grow with the members. */
export type NdjsonRow = {
  /** Where its text stands, without the line end. */
  start: number;
  end: number;
  members: number;
  /** Start and end of each name inside its quotes, and of each value, a string's with its quotes. */
  names: Int32Array;
  values: Int32Array;
  kinds: Uint8Array;
  /** 1 where a name holds escapes, 2 where a string value does. */
  escapes: Uint8Array;
  /** The column of each member; -1 where none has its name, or where an earlier member of that name has its value. */
  columns: Int32Array;
  /** Whether there's a `\u` anywhere. */
  hasUnicodeEscape: boolean;
  /** Of all bytes of strings: below 128 the row is ASCII. */
  bits: number;
  /** Of the string and the value read last. */
  hasEscape: boolean;
  kind: number;
  /** The brackets that are open, by depth. */
  readonly open: Uint8Array;
};

export const nameEscape = 1;
export const valueEscape = 2;

export function createNdjsonRow(capacity = 64): NdjsonRow {
  return {
    start: 0,
    end: 0,
    members: 0,
    names: new Int32Array(2 * capacity),
    values: new Int32Array(2 * capacity),
    kinds: new Uint8Array(capacity),
    escapes: new Uint8Array(capacity),
    columns: new Int32Array(capacity),
    hasUnicodeEscape: false,
    bits: 0,
    hasEscape: false,
    kind: 0,
    open: new Uint8Array(maxDepth + 1),
  };
}

export function beginMembers(row: NdjsonRow, start: number, end: number): void {
  row.start = start;
  row.end = end;
  row.members = 0;
  row.hasUnicodeEscape = false;
  row.bits = 0;
}

/** Adds a member whose value was the last one read. */
export function addMember(
  row: NdjsonRow,
  nameStart: number,
  nameEnd: number,
  isNameEscaped: boolean,
  valueStart: number,
  valueEnd: number,
): void {
  const index = row.members;
  if (index === row.kinds.length) grow(row);
  row.names[2 * index] = nameStart;
  row.names[2 * index + 1] = nameEnd;
  row.values[2 * index] = valueStart;
  row.values[2 * index + 1] = valueEnd;
  row.kinds[index] = row.kind;
  row.escapes[index] = (isNameEscaped ? nameEscape : 0) | (row.hasEscape ? valueEscape : 0);
  row.members = index + 1;
}

/** Gives a member the value of a later one of the same name. */
export function replaceValue(row: NdjsonRow, index: number, later: number): void {
  row.values[2 * index] = row.values[2 * later] as number;
  row.values[2 * index + 1] = row.values[2 * later + 1] as number;
  row.kinds[index] = row.kinds[later] as number;
  const ofName = (row.escapes[index] as number) & nameEscape;
  row.escapes[index] = ofName | ((row.escapes[later] as number) & valueEscape);
}

function grow(row: NdjsonRow): void {
  const larger = createNdjsonRow(2 * row.kinds.length);
  for (const key of ["names", "values", "kinds", "escapes", "columns"] as const) {
    larger[key].set(row[key]);
  }
  const { names, values, kinds, escapes, columns } = larger;
  Object.assign(row, { names, values, kinds, escapes, columns });
}
