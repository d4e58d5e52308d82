import type { Readable } from "node:stream";
import { measure, type Usage } from "./measure.ts";
import { median } from "./pairs.ts";
import { csvOfRows, ndjsonOfRows } from "./people.ts";
import type { Rig } from "./rig.ts";

/** What each side of a comparison of imports works through. */
export const fullRows = 1_000_000;
/** For rivals that would take minutes: rows a second don't grow with the number of rows. */
export const fewRows = 200_000;

export type Run = Usage & { rows: number };
export type Pair = { a: Run; b: Run };
type Format = "csv" | "ndjson";

const formats: Record<Format, { type: string; file: (rows: number) => Readable }> = {
  csv: { type: "text/csv", file: csvOfRows },
  ndjson: { type: "application/x-ndjson", file: ndjsonOfRows },
};

/**
 * Measured from the moment the worker takes the job to its end, while a socket watches the job. The worker
 * stands still until the upload is on the disk: its writing isn't the import's.
 */
export async function importOnce(rig: Rig, rows = fullRows, format: Format = "csv"): Promise<Run> {
  const { worker, mongod, api } = rig.pids;
  const { type, file } = formats[format];
  process.kill(worker, "SIGSTOP");
  const submitted = await rig.upload(file(rows), type);
  await flush(rig);
  let seconds = 0;
  const usage = await measure({ worker, mongod, api }, async () => {
    process.kill(worker, "SIGCONT");
    const job = await rig.client.final(submitted.job.id);
    if (job.progress.rowsImported !== rows) throw new Error(JSON.stringify(job));
    seconds = (Date.parse(job.finishedAt ?? "") - Date.parse(job.startedAt ?? "")) / 1000;
  });
  await rig.remove(submitted.dataset.id);
  return { ...usage, wall: seconds, rows };
}

/** Everything that is written so far is on the disk. */
export async function flush({ cluster }: Rig): Promise<void> {
  await cluster.mongo.db?.admin().command({ fsync: 1 });
}

export const describe = ({ wall, cpu, rows }: Run): string =>
  `${Math.round(rows / wall)} rows/s, CPU s: ${Object.entries(cpu)
    .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
    .join(" ")}`;

/** Rows a second of the first side against the second's. */
export const speedRatio = ({ a, b }: Pair): number => a.rows / a.wall / (b.rows / b.wall);

/** CPU seconds a row of these processes, or of all that were measured. */
export function cpuPerRow({ cpu, rows }: Run, names = Object.keys(cpu)): number {
  return names.reduce((sum, name) => sum + (cpu[name] ?? 0), 0) / rows;
}

/** One line with the CPU of all processes of both sides, in microseconds a row. */
export function describeCpu(pairs: Pair[], a: string, b: string): string {
  const of = (side: "a" | "b") =>
    (median(pairs.map((pair) => cpuPerRow(pair[side]))) * 1e6).toFixed(1);
  return `CPU of all processes, us a row: ${a} ${of("a")}, ${b} ${of("b")}`;
}
