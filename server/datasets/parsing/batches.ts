import type { Rows } from "./rows.ts";
import type { Batch, Place, RecordDocument } from "./seam.ts";

const maxRows = 2_000;
const maxBytes = 4 * 1_048_576;
/** A reject's keys, numbers, code and message, and the place of a document in a command. */
const rejectBytes = 256;

/** Adds the row just read to `records`; answers the most that its BSON can take, in bytes. */
export type AddRecord = (records: RecordDocument[]) => number;

/** Collects rows into batches; one never depends on where the chunks of the source end. */
export async function* createBatches(rows: Rows, addRecord: AddRecord): AsyncGenerator<Batch> {
  let batch = createBatch(rows.place);
  let count = 0;
  let bytes = 0;
  for (;;) {
    const step = rows.next();
    if (step === "end") break;
    if (step === "more") {
      await rows.fill();
      continue;
    }
    bytes += rows.found.rejection ? addReject(batch, rows) : addRecord(batch.records);
    count += 1;
    if (count < maxRows && bytes < maxBytes) continue;
    yield { ...batch, end: { ...rows.place } };
    batch = createBatch(rows.place);
    count = 0;
    bytes = 0;
  }
  if (count > 0) yield { ...batch, end: { ...rows.place } };
}

function createBatch(place: Place): Batch {
  return { records: [], rejects: [], end: { ...place } };
}

function addReject(batch: Batch, rows: Rows): number {
  const { number, line, rejection, raw } = rows.found;
  if (rejection) batch.rejects.push({ _id: number, line, ...rejection, raw });
  return rejectBytes + 3 * raw.length;
}
