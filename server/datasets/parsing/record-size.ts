/** The most BSON bytes of a record without its cells: `_id`, the documents `c` and `t`, list place. */
export const recordBytes = 64;
