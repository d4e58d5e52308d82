import type { Progress } from "../../protocol/jobs.ts";

const counters = [
  "bytesScanned",
  "bytesRead",
  "rowsRead",
  "rowsImported",
  "rowsRejected",
  "percent",
] as const;

/**
 * `next` as progress after `last`: no counter goes back, whatever an attempt has to do again. `percent` follows
 * the bytes, where there are any.
 */
export function advance(last: Progress, next: Partial<Progress>): Progress {
  const merged = { ...last, ...next };
  merged.percent = Math.max(percentOf(merged), next.percent ?? 0);
  for (const counter of counters) merged[counter] = Math.max(last[counter], merged[counter]);
  if (last.rowsWritten !== undefined) {
    merged.rowsWritten = Math.max(last.rowsWritten, merged.rowsWritten ?? 0);
  }
  return merged;
}

/** Scanning is a third of the way, loading two; 100 only once the job is completed. */
function percentOf(progress: Progress): number {
  const { bytesScanned, bytesRead, bytesTotal, rowsWritten = 0, rowsTotal } = progress;
  if (rowsTotal) return Math.min(99, Math.floor((100 * rowsWritten) / rowsTotal));
  if (bytesTotal === 0) return 0;
  return Math.min(99, Math.floor((100 * (bytesScanned + 2 * bytesRead)) / (3 * bytesTotal)));
}

const weightOfNewest = 0.2;

/** Speed and time left, smoothed over the last seconds of this attempt. */
export function createPace(now: () => number = Date.now) {
  let last: { at: number; rows: number; bytes: number } | null = null;
  let rowsPerSecond: number | null = null;
  let bytesPerSecond: number | null = null;
  const smooth = (old: number | null, fresh: number) =>
    old === null ? fresh : old + weightOfNewest * (fresh - old);

  return (rows: number, bytes: number, bytesLeft: number) => {
    const at = now();
    const seconds = last ? (at - last.at) / 1000 : 0;
    if (last && seconds > 0) {
      rowsPerSecond = smooth(rowsPerSecond, (rows - last.rows) / seconds);
      bytesPerSecond = smooth(bytesPerSecond, (bytes - last.bytes) / seconds);
    }
    last = { at, rows, bytes };
    return {
      rowsPerSecond: rowsPerSecond === null ? null : Math.round(rowsPerSecond),
      etaSeconds: bytesPerSecond ? Math.ceil(bytesLeft / bytesPerSecond) : null,
    };
  };
}
