import type { Hash } from "./hash.ts";

/** 4,096 registers of a byte: a standard error of 1.6 %. */
const indexBits = 12;
const registers = 2 ** indexBits;
const rankBits = 32;

/**
 * Estimates how many different values there were: HyperLogLog (Flajolet et al., 2007), read with the
 * estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6),
 * which needs no corrections for small or large numbers.
 */
export function createCardinality() {
  const ranks = new Uint8Array(registers);

  return {
    bytes: ranks.byteLength,

    add({ low, high }: Hash): void {
      const index = low >>> (32 - indexBits);
      const rank = Math.clz32(high) + 1;
      if (rank > (ranks[index] as number)) ranks[index] = rank;
    },

    estimate(): number {
      const counts = new Array<number>(rankBits + 2).fill(0);
      for (const rank of ranks) counts[rank] = (counts[rank] ?? 0) + 1;
      const shareOf = (rank: number) => (counts[rank] ?? 0) / registers;
      let sum = registers * tau(1 - shareOf(rankBits + 1));
      for (let rank = rankBits; rank >= 1; rank -= 1) sum = 0.5 * (sum + (counts[rank] ?? 0));
      sum += registers * sigma(shareOf(0));
      return Math.round(registers ** 2 / (2 * Math.LN2 * sum));
    },
  };
}

export type Cardinality = ReturnType<typeof createCardinality>;

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let sum = share;
  for (let last = Number.NaN; sum !== last; ) {
    last = sum;
    x *= x;
    sum += x * y;
    y += y;
  }
  return sum;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let sum = 1 - share;
  for (let last = Number.NaN; sum !== last; ) {
    last = sum;
    x = Math.sqrt(x);
    y *= 0.5;
    sum -= (1 - x) ** 2 * y;
  }
  return sum / 3;
}
