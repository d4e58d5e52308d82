import { findBadEscape } from "./ndjson-faults.ts";
import { createNdjsonRow } from "./ndjson-row.ts";
import { isJsonValue } from "./ndjson-tokeniser.ts";

const quote = 34;
const usualBytes = 4_096;

/**
 * Tells whether a CSV cell is JSON in UTF-8 that could stand as a value in a row of NDJSON: so deep at
 * most, without a NUL or half a surrogate pair. Where quotes are doubled they count once.
 */
export function createJsonCheck() {
  const row = createNdjsonRow(0);
  let single = Buffer.allocUnsafe(usualBytes);

  return (bytes: Buffer, start: number, end: number, isDoubled: boolean): boolean => {
    if (!isDoubled) return isFit(bytes, start, end);
    if (single.length < end - start) single = Buffer.allocUnsafe(2 * (end - start));
    let length = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      single[length++] = byte;
      if (byte === quote) at += 1;
    }
    return isFit(single, 0, length);
  };

  function isFit(bytes: Buffer, start: number, end: number): boolean {
    if (!isJsonValue(row, bytes, start, end)) return false;
    return !row.hasUnicodeEscape || findBadEscape(bytes.toString("utf8", start, end)) === null;
  }
}
