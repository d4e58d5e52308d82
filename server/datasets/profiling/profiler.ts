import type { PlannedColumn } from "../parsing/seam.ts";
import { type ColumnProfile, createColumnProfile } from "./column-profile.ts";
import { type OnCell, readCells } from "./record-cells.ts";

type Column = Pick<PlannedColumn, "key" | "name" | "type">;

/** Profiles records one after the other, in memory that depends on the number of columns alone. */
export function createProfiler(columns: Column[]) {
  const profiles = columns.map(({ type }) => createColumnProfile(type));
  const byNumber: (ColumnProfile | undefined)[] = [];
  for (const [i, { key }] of columns.entries()) byNumber[Number(key.slice(1))] = profiles[i];
  let rows = 0;
  const onCell: OnCell = (row, column, type, record, at) =>
    byNumber[column]?.add(type, record, at, row);

  return {
    /** Takes in the RecordDocument in BSON at `start`. */
    add(record: Buffer, start = 0): void {
      rows += 1;
      readCells(record, start, onCell);
    },

    rows: () => rows,

    end() {
      const ended = profiles.map((profile, i) => {
        const { key, name, type } = columns[i] as Column;
        return { key, name, type, ...profile.end(rows) };
      });
      return { rows, columns: ended };
    },

    /** How much memory the values of all columns take. */
    bytes: () => profiles.reduce((sum, profile) => sum + profile.bytes(), 0),
  };
}
