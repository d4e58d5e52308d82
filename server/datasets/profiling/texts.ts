/** Of a text a profile shows so many characters (code points). */
export const longestText = 200;
/** As many bytes of UTF-8 hold them all. */
export const longestBytes = 4 * longestText;

/** The beginning of a text that a profile shows. */
export function cutText(text: string): string {
  if (text.length <= longestText) return text;
  return [...text.slice(0, 2 * longestText)].slice(0, longestText).join("");
}

/**
 * The least and the greatest of texts in UTF-8, which sort by code point; only of their beginnings, so
 * that a long one isn't kept: equal beginnings look the same anyway.
 */
export function createTextRange() {
  let min: Buffer | null = null;
  let max: Buffer | null = null;
  const keep = (bytes: Buffer, start: number, end: number) =>
    Buffer.from(bytes.subarray(start, end));
  const show = (kept: Buffer | null) => kept && cutText(kept.toString());

  return {
    add(bytes: Buffer, start: number, end: number): void {
      const stop = Math.min(end, start + longestBytes);
      if (!min || compare(bytes, start, stop, min) < 0) min = keep(bytes, start, stop);
      if (!max || compare(bytes, start, stop, max) > 0) max = keep(bytes, start, stop);
    },
    min: () => show(min),
    max: () => show(max),
  };
}

function compare(bytes: Buffer, start: number, end: number, other: Buffer): number {
  const length = Math.min(end - start, other.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (bytes[start + i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}
