import { Long } from "mongodb";

/** Documents in BSON, each at one of `starts` of `bytes`. */
export type Batch = { bytes: Buffer; starts: number[] };

/** Element types of BSON (bsonspec.org). */
const array = 4;
const long = 18;
const sizes: Record<number, (bytes: Buffer, at: number) => number> = {
  1: () => 8,
  2: (bytes, at) => 4 + bytes.readInt32LE(at),
  3: (bytes, at) => bytes.readInt32LE(at),
  [array]: (bytes, at) => bytes.readInt32LE(at),
  5: (bytes, at) => 5 + bytes.readInt32LE(at),
  8: () => 1,
  16: () => 4,
  17: () => 8,
  [long]: () => 8,
};

/**
 * Takes the `cursor` of an answer to `find` or `getMore` apart (MongoDB manual, "Database Commands"): its batch,
 * and its `id`, which is zero once there's no more.
 */
export function readCursor(bytes: Buffer): { id: Long; batch: Batch } {
  let id = Long.ZERO;
  let starts: number[] = [];
  forEachElement(bytes, 0, (type, at) => {
    if (type === long) id = new Long(bytes.readInt32LE(at), bytes.readInt32LE(at + 4));
    if (type === array) starts = readStarts(bytes, at);
  });
  return { id, batch: { bytes, starts } };
}

function readStarts(bytes: Buffer, start: number): number[] {
  const starts: number[] = [];
  forEachElement(bytes, start, (_, at) => starts.push(at));
  return starts;
}

/** Hears of each element of the document that begins at `start`: its type, and where its value begins. */
function forEachElement(
  bytes: Buffer,
  start: number,
  onElement: (type: number, at: number) => void,
): void {
  for (let at = start + 4; bytes[at] !== 0; ) {
    const type = bytes[at] as number;
    let value = at + 1;
    while (bytes[value] !== 0) value += 1;
    value += 1;
    onElement(type, value);
    const size = sizes[type]?.(bytes, value);
    if (size === undefined) throw new TypeError(`a value of BSON type ${type} in a cursor`);
    at = value + size;
  }
}
