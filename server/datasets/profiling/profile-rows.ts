import type { CellValue } from "../../../protocol/datasets.ts";
import type { Profile, ProfiledColumn } from "../../../protocol/profiles.ts";
import { insist } from "../../infrastructure/insist.ts";
import { readInt32 } from "../parsing/bson.ts";
import type { PlannedColumn } from "../parsing/seam.ts";
import { fieldOf } from "../querying/conditions.ts";
import type { Rows } from "../rows.ts";
import { createProfiler } from "./profiler.ts";
import { readRanges } from "./read-ranges.ts";
import { cutText } from "./texts.ts";

/** Worked through in one go; then others have their turn. */
const sliceBytes = 32 * 1024;
const readsAtOnce = 10;

export type ProfiledRows = Omit<Profile, "version">;

type ReadRows = Pick<Rows, "records" | "readRaw">;

type Given = {
  datasetId: string;
  columns: Pick<PlannedColumn, "key" | "name" | "type">[];
  /** the last row to be read */
  watermark: number;
  signal: AbortSignal;
  /** told between two slices how many rows are read; waits until it is heard */
  onSlice: (rows: number) => Promise<void>;
};

/** Profiles the rows of a dataset: once over all of them, then the values that are to be shown. */
export async function profileRows(from: ReadRows, given: Given): Promise<ProfiledRows> {
  const { datasetId, columns, watermark, signal, onSlice } = given;
  const profiler = createProfiler(columns);
  let bytes = 0;
  for await (const range of readRanges(from, datasetId, watermark, signal)) {
    for (const start of range.starts) {
      profiler.add(range.bytes, start);
      bytes += readInt32(range.bytes, start);
      if (bytes < sliceBytes) continue;
      bytes = 0;
      signal.throwIfAborted();
      await onSlice(profiler.rows());
    }
  }
  return showTop(from, given, profiler.end());
}

type Ended = ReturnType<ReturnType<typeof createProfiler>["end"]>;

/** Values weren't kept, only a row of each: a row never changes, so they are read again. */
async function showTop(
  from: ReadRows,
  given: Given,
  { rows, columns }: Ended,
): Promise<ProfiledRows> {
  const wanted = new Map<number, string[]>();
  for (const { key, top } of columns) {
    for (const { row } of top) wanted.set(row, [...(wanted.get(row) ?? []), key]);
  }
  const values = await readValues(from, given, [...wanted]);
  const show = ({ key, top, ...column }: Ended["columns"][number]): ProfiledColumn => ({
    ...column,
    top: top.map(({ row, count }) => ({ value: values.get(`${row} ${key}`) ?? null, count })),
  });
  return { rows, columns: columns.map(show) };
}

async function readValues(
  from: ReadRows,
  { datasetId, signal }: Given,
  wanted: [number, string[]][],
) {
  const records = from.records(datasetId);
  const values = new Map<string, CellValue>();
  const read = async ([row, keys]: [number, string[]]) => {
    const projection = Object.fromEntries(keys.map((key) => [fieldOf(key), 1]));
    const found = await insist(() => records.findOne({ _id: row }, { projection }), signal);
    for (const key of keys) {
      const value = found?.c[key] ?? null;
      values.set(`${row} ${key}`, typeof value === "string" ? cutText(value) : value);
    }
  };
  for (let at = 0; at < wanted.length; at += readsAtOnce) {
    signal.throwIfAborted();
    await Promise.all(wanted.slice(at, at + readsAtOnce).map(read));
  }
  return values;
}
