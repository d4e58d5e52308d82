/** Numbers that look random and are the same for a seed on every machine (mulberry32). */
export function createRandom(seed: number) {
  let state = seed;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  return { below, pick, many };
}

export type Random = ReturnType<typeof createRandom>;
