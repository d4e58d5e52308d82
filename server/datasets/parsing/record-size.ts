/** The most BSON bytes of a record without its cells: `_id`, the documents `c` and `t`, list place. */
export const recordBytes = 64;

/** The most BSON bytes around the content of a cell under `key`: type, key, length, ends. */
export function cellBytes(key: string): number {
  return key.length + 7;
}
