import { scanCsv } from "./csv-scan.ts";
import { skipByteOrderMark } from "./encoding-mark.ts";
import { scanNdjson } from "./ndjson-scan.ts";
import type { Plan, ScanSpec } from "./seam.ts";
import { createWindow } from "./window.ts";

/**
 * Reads a whole file once: counts its rows, names and types its columns. Throws FileError where the
 * file as a whole can't be imported, and whatever `source` throws.
 */
export async function scan(source: AsyncIterable<Uint8Array>, spec: ScanSpec): Promise<Plan> {
  const window = createWindow(source, 0, spec.onBytes);
  try {
    await skipByteOrderMark(window);
    return await (spec.format === "csv" ? scanCsv(window, spec) : scanNdjson(window, spec));
  } finally {
    await window.close();
  }
}
