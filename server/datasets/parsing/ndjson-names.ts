import { type NdjsonRow, nameEscape, replaceValue } from "./ndjson-row.ts";

/** The columns of a file by name. */
export type Names = {
  /** Sets the column of each member; those of repeated names come down to the first, with the last value. */
  resolve: (row: NdjsonRow, bytes: Buffer) => void;
};

/** `add` answers the column of a name that is met for the first time, -1 to leave it out. */
export function createNames(known: string[], add: (name: string) => number): Names {
  const columns = new Map(known.map((name, index) => [name, index]));
  const written: Buffer[] = known.map((name) => Buffer.from(name));
  /** Rows mostly have the same names in the same order: the columns of the last one. */
  let usual = Int32Array.from(known.keys());
  /** By column: the number of the row that had it last, and the member that it was. */
  const seenIn: number[] = [];
  const seenAt: number[] = [];
  let count = 0;

  function resolve(row: NdjsonRow, bytes: Buffer): void {
    count += 1;
    if (usual.length < row.members) {
      const more = new Int32Array(2 * row.members).fill(-1);
      more.set(usual);
      usual = more;
    }
    for (let member = 0; member < row.members; member += 1) {
      const column = find(row, bytes, member);
      row.columns[member] = column;
      usual[member] = column;
      if (column < 0) continue;
      if (seenIn[column] === count) {
        replaceValue(row, seenAt[column] as number, member);
        row.columns[member] = -1;
        continue;
      }
      seenIn[column] = count;
      seenAt[column] = member;
    }
  }

  function find(row: NdjsonRow, bytes: Buffer, member: number): number {
    const start = row.names[2 * member] as number;
    const end = row.names[2 * member + 1] as number;
    const isEscaped = ((row.escapes[member] as number) & nameEscape) !== 0;
    const guess = usual[member] as number;
    if (guess >= 0 && !isEscaped && isSame(written[guess] as Buffer, bytes, start, end)) {
      return guess;
    }
    const source = bytes.toString("utf8", start, end);
    const name: string = isEscaped ? JSON.parse(`"${source}"`) : source;
    const column = columns.get(name);
    if (column !== undefined) return column;
    const added = add(name);
    if (added < 0) return -1;
    columns.set(name, added);
    written[added] = Buffer.from(name);
    return added;
  }

  return { resolve };
}

function isSame(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return false;
  return true;
}
