import { type Cardinality, createCardinality } from "./cardinality.ts";
import type { Hash } from "./hash.ts";

/** Up to so many different values are told apart and counted one by one. */
export const mostCounted = 10_000;
const fewestSlots = 64;

export type Counted = { row: number; count: number };

/**
 * Counts values by their hashes, in memory that doesn't grow with them: a table with open addressing of
 * hash, count and a row that has the value. Past `most` different ones it goes on as a sketch of frequent
 * items (Anderson et al., "A High-Performance Algorithm for Identifying Frequent Items in Data Streams",
 * 2017): a full table loses the median of its counts, and those that come to nothing. A count is then at most
 * 2/`most` of all values too low, and whatever is more frequent than that is in the table.
 */
export function createValueCounts(most = mostCounted) {
  let lows = new Int32Array(fewestSlots);
  let highs = new Int32Array(fewestSlots);
  /** 0 is an empty slot */
  let counts = new Float64Array(fewestSlots);
  let rows = new Float64Array(fewestSlots);
  let size = 0;
  let others: Cardinality | null = null;

  /** The slot of a hash, or the empty one where it belongs. */
  function findSlot(low: number, high: number): number {
    const mask = counts.length - 1;
    let slot = low & mask;
    while (counts[slot] !== 0 && (lows[slot] !== low || highs[slot] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function put(low: number, high: number, count: number, row: number): void {
    const slot = findSlot(low, high);
    lows[slot] = low;
    highs[slot] = high;
    counts[slot] = count;
    rows[slot] = row;
    size += 1;
  }

  /** By a plain loop: an iterator makes an object of each slot. */
  function forEachCounted(hear: (slot: number, count: number) => void, of = counts): void {
    for (let slot = 0; slot < of.length; slot += 1) {
      const count = of[slot] as number;
      if (count > 0) hear(slot, count);
    }
  }

  /** Moves what counts more than `floor`, less by that, to a table of so many slots. */
  function rebuild(slots: number, floor: number): void {
    const old = { lows, highs, counts, rows };
    lows = new Int32Array(slots);
    highs = new Int32Array(slots);
    counts = new Float64Array(slots);
    rows = new Float64Array(slots);
    size = 0;
    forEachCounted((slot, count) => {
      if (count <= floor) return;
      put(
        old.lows[slot] as number,
        old.highs[slot] as number,
        count - floor,
        old.rows[slot] as number,
      );
    }, old.counts);
  }

  function overflow(): void {
    if (!others) {
      const seen = createCardinality();
      forEachCounted((slot) =>
        seen.add({ low: lows[slot] as number, high: highs[slot] as number }),
      );
      others = seen;
    }
    const sorted = counts.slice().sort();
    const empty = counts.length - size;
    rebuild(counts.length, sorted[empty + (size >>> 1)] as number);
  }

  return {
    add(hash: Hash, row: number): void {
      const { low, high } = hash;
      const slot = findSlot(low, high);
      if (counts[slot] !== 0) {
        counts[slot] = (counts[slot] as number) + 1;
      } else {
        if (size === most) overflow();
        else if (8 * size >= 5 * counts.length) rebuild(2 * counts.length, 0);
        put(low, high, 1, row);
      }
      others?.add(hash);
    },

    /** Beyond `most` an estimate, 1.6 % off as a rule. */
    distinct(): { count: number; exact: boolean } {
      if (!others) return { count: size, exact: true };
      return { count: Math.max(others.estimate(), most + 1), exact: false };
    },

    /** The most frequent ones; of equals the one that came first. */
    top(length: number): Counted[] {
      const all: Counted[] = [];
      forEachCounted((slot, count) => all.push({ row: rows[slot] as number, count }));
      return all.sort((a, b) => b.count - a.count || a.row - b.row).slice(0, length);
    },

    /** How much memory that takes. */
    bytes: (): number =>
      [lows, highs, counts, rows].reduce((sum, { byteLength }) => sum + byteLength, 0) +
      (others?.bytes ?? 0),
  };
}
