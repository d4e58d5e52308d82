/** Element types of BSON (bsonspec.org). */
export const bsonType = {
  double: 1,
  string: 2,
  document: 3,
  boolean: 8,
  null: 10,
  int32: 16,
} as const;

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);
/** Below this a loop is faster than a call. */
const fewBytes = 40;

/** An element's type and name, `name` with its closing NUL. Each function here answers where it ended. */
export function writeHead(target: Buffer, at: number, type: number, name: Uint8Array): number {
  target[at] = type;
  for (let i = 0; i < name.length; i += 1) target[at + 1 + i] = name[i] as number;
  return at + 1 + name.length;
}

export function writeInt32(target: Buffer, at: number, value: number): number {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
  return at + 4;
}

export function writeDouble(target: Buffer, at: number, value: number): number {
  scratch[0] = value;
  for (let i = 0; i < 8; i += 1) target[at + i] = scratchBytes[i] as number;
  return at + 8;
}

/** A number as the driver would write it: what fits in 32 bits as an integer, the rest as a double. */
export function writeNumber(target: Buffer, at: number, name: Uint8Array, value: number): number {
  return (value | 0) === value
    ? writeInt32(target, writeHead(target, at, bsonType.int32, name), value)
    : writeDouble(target, writeHead(target, at, bsonType.double, name), value);
}

/** A string's length, its bytes, which must be UTF-8 without NUL, and the closing NUL. */
export function writeText(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  const length = end - start;
  const from = writeInt32(target, at, length + 1);
  if (length < fewBytes) {
    for (let i = 0; i < length; i += 1) target[from + i] = source[start + i] as number;
  } else {
    source.copy(target, from, start, end);
  }
  target[from + length] = 0;
  return from + length + 1;
}

/** As writeText, of a JavaScript string. */
export function writeString(target: Buffer, at: number, text: string): number {
  const length = target.write(text, at + 4);
  writeInt32(target, at, length + 1);
  target[at + 4 + length] = 0;
  return at + 5 + length;
}

/** Ends the document that began at `start` and sets its length. */
export function endDocument(target: Buffer, at: number, start: number): number {
  target[at] = 0;
  writeInt32(target, start, at + 1 - start);
  return at + 1;
}

/** An element's name with its closing NUL. */
export const nameBytes = (name: string): Uint8Array => Buffer.from(`${name}\0`);

export const readInt32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

/** The value of an int32 or a double. */
export function readNumber(bytes: Uint8Array, type: number, at: number): number {
  if (type === bsonType.int32) return readInt32(bytes, at);
  for (let i = 0; i < 8; i += 1) scratchBytes[i] = bytes[at + i] as number;
  return scratch[0] as number;
}

/** Bytes of a value that begins at `at`; what no import writes is a fault. */
export function sizeOf(bytes: Uint8Array, type: number, at: number): number {
  switch (type) {
    case bsonType.string:
      return 4 + readInt32(bytes, at);
    case bsonType.int32:
      return 4;
    case bsonType.double:
      return 8;
    case bsonType.boolean:
      return 1;
    case bsonType.null:
      return 0;
    case bsonType.document:
      return readInt32(bytes, at);
    default:
      throw new TypeError(`a value of BSON type ${type} in a record`);
  }
}

/** The documents that stand in BSON one after the other. */
export function* splitDocuments(bson: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bson.length; ) {
    const end = at + readInt32(bson, at);
    yield bson.subarray(at, end);
    at = end;
  }
}
