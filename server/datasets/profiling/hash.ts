const { imul } = Math;

/** A hash of 64 bits in two halves, filled again for each value. */
export type Hash = { low: number; high: number };

const numberBytes = new Uint8Array(8);
const numberView = new Float64Array(numberBytes.buffer);

/**
 * MurmurHash3 (Austin Appleby, public domain): its 32-bit variant twice in one go, the second time with
 * constants of the 128-bit one. Of 10,000 values two have the same 64 bits with a probability of 3e-12.
 */
export function hashBytes(hash: Hash, bytes: Uint8Array, start: number, end: number): void {
  let low = 0;
  let high = 0;
  for (let at = start; at < end; at += 4) {
    let block = bytes[at] as number;
    if (at + 1 < end) block |= (bytes[at + 1] as number) << 8;
    if (at + 2 < end) block |= (bytes[at + 2] as number) << 16;
    if (at + 3 < end) block |= (bytes[at + 3] as number) << 24;
    low ^= imul(rotate(imul(block, 0xcc9e2d51), 15), 0x1b873593);
    low = (imul(rotate(low, 13), 5) + 0xe6546b64) | 0;
    high ^= imul(rotate(imul(block, 0x239b961b), 16), 0xab0e9789);
    high = (imul(rotate(high, 17), 5) + 0x561ccd1b) | 0;
  }
  hash.low = mix(low ^ (end - start));
  hash.high = mix(high ^ (end - start));
}

/** Of equal numbers the same, whether stored as int32 or double; -0 equals 0. */
export function hashNumber(hash: Hash, value: number): void {
  numberView[0] = value + 0;
  hashBytes(hash, numberBytes, 0, 8);
}

const rotate = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));

function mix(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = imul(mixed, 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
