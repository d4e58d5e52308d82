import type { CsvRows } from "./csv-rows.ts";
import { isStrict, isTextOf, toMisfit } from "./declared.ts";
import { createJsonCheck } from "./json-cells.ts";
import { keepText, type Step } from "./rows.ts";
import type { PlannedColumn } from "./seam.ts";
import type { Window } from "./window.ts";

/** As `rows`, but a row is rejected if one of its cells isn't of the type that its column was declared with. */
export function refuseMisfits(rows: CsvRows, window: Window, columns: PlannedColumn[]): CsvRows {
  const { cells: row, found } = rows;
  const strict = Int32Array.from(
    columns.flatMap((column, index) => (isStrict(column) ? [index] : [])),
  );
  if (strict.length === 0) return rows;
  const types = columns.map(({ type }) => type);
  const misfits = columns.map(toMisfit);
  const isJson = createJsonCheck();

  function next(): Step {
    const step = rows.next();
    if (step !== "row" || found.rejection) return step;
    const misfit = findMisfit();
    if (misfit < 0) return step;
    found.rejection = misfits[misfit] ?? null;
    keepText(found, window.bytes, row.start, row.end);
    return step;
  }

  /** The first column whose cell doesn't fit, or -1; an empty cell fits anywhere. */
  function findMisfit(): number {
    const { bytes } = window;
    for (let i = 0; i < strict.length; i += 1) {
      const index = strict[i] as number;
      const start = row.spans[2 * index] as number;
      const end = row.spans[2 * index + 1] as number;
      if (start === end) continue;
      const isDoubled = row.doubled[index] === 1;
      const type = types[index] ?? "string";
      const fits =
        type === "json"
          ? isJson(bytes, start, end, isDoubled)
          : !isDoubled && isTextOf(type, bytes, start, end);
      if (!fits) return index;
    }
    return -1;
  }

  return { ...rows, next };
}
