export const maxRowBytes = 1_048_576;
export const maxNameBytes = 1_000;
export const maxDepth = 100;
export const maxRawLength = 4_096;

/** As many bytes of a row as its `raw` can need: no UTF-16 unit takes more than three. */
export const rawBytes = 3 * maxRawLength + 8;
