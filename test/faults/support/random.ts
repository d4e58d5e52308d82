/** Numbers that follow from a seed alone (mulberry32, Tommy Ettinger, public domain). */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  /** at least 0, below 1 */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** a whole number, both ends included */
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[between(0, list.length - 1)] as T;
    },
  };
}

export type Random = ReturnType<typeof createRandom>;
