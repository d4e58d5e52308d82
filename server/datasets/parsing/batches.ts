import type { FoundRow, Rows } from "./rows.ts";
import type { Batch, Place, RejectDocument } from "./seam.ts";

/** A file's first batches are small, so that its first rows are soon to be seen; later ones cost less a row. */
const firstRows = 1_000;
const maxRows = 8_000;
const maxBytes = 4 * 1_048_576;
/** A reject's keys, numbers, code and message, and the place of a document in a command. */
const rejectBytes = 256;
const firstBytes = 65_536;

/** Writes the row just read to `target` as BSON from `at` on, which takes `most` bytes, and answers where it ended. */
export type Encoder = { most: () => number; encode: (target: Buffer, at: number) => number };

/** Collects rows into batches; one never depends on where the chunks of the source end. */
export async function* createBatches(rows: Rows, encoder: Encoder): AsyncGenerator<Batch> {
  // Of batches that are stored: fresh memory for each would cost as much as filling it.
  const spare: Buffer[] = [];
  let records: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  let end = 0;
  let count = 0;
  let rejects: RejectDocument[] = [];
  let rejected = 0;
  let most = mostRows(rows.place.row);

  function take(): Batch {
    const place: Place = { ...rows.place };
    const used = records;
    const release = () => {
      spare.push(used);
    };
    const batch = { records: used.subarray(0, end), count, rejects, end: place, release };
    // The next one is likely to be as large.
    records = spare.pop() ?? Buffer.allocUnsafeSlow(Math.max(firstBytes, Math.ceil(1.1 * end)));
    end = count = rejected = 0;
    rejects = [];
    most = mostRows(place.row);
    return batch;
  }

  for (;;) {
    const step = rows.next();
    if (step === "end") break;
    if (step === "more") {
      await rows.fill();
      continue;
    }
    if (rows.found.rejection) {
      rejects.push(toReject(rows));
      rejected += sizeOf(rows.found);
    } else {
      const needed = end + encoder.most();
      if (needed > records.length) records = grow(records, end, needed);
      end = encoder.encode(records, end);
      count += 1;
    }
    if (count + rejects.length >= most || end + rejected >= maxBytes) yield take();
  }
  if (count + rejects.length > 0) yield take();
}

/** Depends on where the batch begins alone: whoever loads on from there makes the same batches. */
const mostRows = (row: number): number => Math.min(maxRows, Math.max(firstRows, row));

function grow(records: Buffer, end: number, needed: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(Math.max(2 * records.length, needed));
  records.copy(grown, 0, 0, end);
  return grown;
}

/** An upper bound of what its row's reject takes in BSON. */
function sizeOf({ rejection, raw, whole }: FoundRow): number {
  const units = (rejection?.column?.length ?? 0) + raw.length + (whole?.length ?? 0);
  return rejectBytes + 3 * units;
}

function toReject({ found }: Rows): RejectDocument {
  const { number, line, rejection, raw, whole } = found;
  if (!rejection) throw new Error("the row isn't rejected");
  return { _id: number, line, ...rejection, raw, ...(whole !== null && { text: whole }) };
}
