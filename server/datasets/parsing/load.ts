import { createBatches } from "./batches.ts";
import { createCsvEncoder } from "./csv-bson.ts";
import { refuseMisfits } from "./csv-declared.ts";
import { createCsvRows } from "./csv-rows.ts";
import { createNdjsonEncoder } from "./ndjson-bson.ts";
import { resolveColumns } from "./ndjson-declared.ts";
import { createNdjsonRows } from "./ndjson-rows.ts";
import type { Batch, Place, Plan } from "./seam.ts";
import { createWindow, type Window } from "./window.ts";

/**
 * The rows of a planned file from a row boundary on, `source` beginning at its offset, in batches of
 * 1,000 to 8,000 rows or 4 MiB of BSON. Loading on from the `end` of any batch gives exactly the rest.
 */
export async function* load(
  source: AsyncIterable<Uint8Array>,
  plan: Plan,
  from: Place,
): AsyncGenerator<Batch> {
  const window = createWindow(source, from.offset);
  try {
    yield* plan.format === "csv" ? loadCsv(window, plan, from) : loadNdjson(window, plan, from);
  } finally {
    await window.close();
  }
}

function loadCsv(window: Window, plan: Plan, from: Place): AsyncGenerator<Batch> {
  const { columns, delimiter = "," } = plan;
  const rows = createCsvRows(window, from, delimiter, columns.length);
  rows.expect(columns.length);
  const fitting = refuseMisfits(rows, window, columns);
  return createBatches(fitting, createCsvEncoder(fitting, window, columns));
}

function loadNdjson(window: Window, plan: Plan, from: Place): AsyncGenerator<Batch> {
  const rows = resolveColumns(createNdjsonRows(window, from), window, plan.columns);
  return createBatches(rows, createNdjsonEncoder(rows, window, plan.columns));
}
