/** A power of two, so that a place in it is found by a mask. */
const bins = 2048;
const bars = 20;

export type Span = { from: number; to: number; count: number };

/**
 * Counts numbers whose range nobody knows beforehand: fine bins on a grid whose width is a power of two,
 * and twice that whenever a number lies too far out, so that two bins become one and no count is
 * ever split (dynamic range by doubling, as in Greenwald, "Practical algorithms for self scaling histograms",
 * 1996). The bars are made of whole bins: what they count is exact between their bounds.
 */
export function createHistogram() {
  let counts = new Float64Array(0);
  let width = 0;
  /** the outermost bins, numbered from zero of the axis; never `bins` apart */
  let first = 0;
  let last = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  /** as long as all numbers are the same */
  let equal = 0;

  const placeOf = (bin: number) => ((bin % bins) + bins) % bins;

  /** The second number: now there is a range to choose a width for. */
  function open(other: number): void {
    width = firstWidth(min, max);
    counts = new Float64Array(bins);
    first = Math.floor(other / width);
    last = first;
    counts[placeOf(first)] = equal;
  }

  function put(value: number): void {
    let bin = Math.floor(value / width);
    while (Math.max(last, bin) - Math.min(first, bin) >= bins) {
      double();
      bin = Math.floor(value / width);
    }
    if (bin < first) first = bin;
    if (bin > last) last = bin;
    const place = placeOf(bin);
    counts[place] = (counts[place] as number) + 1;
  }

  function double(): void {
    const merged = new Float64Array(bins);
    for (let bin = first; bin <= last; bin += 1) {
      const place = placeOf(Math.floor(bin / 2));
      merged[place] = (merged[place] as number) + (counts[placeOf(bin)] as number);
    }
    counts = merged;
    width *= 2;
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }

  function countOf(from: number, to: number): number {
    let count = 0;
    for (let bin = from; bin < to; bin += 1) count += counts[placeOf(bin)] as number;
    return count;
  }

  /** Twenty bars from the least number to the greatest, as wide as each other but for the first and the last. */
  function spans(): Span[] {
    if (min > max) return [];
    if (width === 0) return [{ from: min, to: max, count: equal }];
    const step = Math.ceil((last - first + 1) / bars);
    const found: Span[] = [];
    for (let bin = first; bin <= last; bin += step) {
      const next = Math.min(bin + step, last + 1);
      found.push({
        from: bin === first ? min : bin * width,
        to: next > last ? max : next * width,
        count: countOf(bin, next),
      });
    }
    return found;
  }

  return {
    add(value: number): void {
      const before = max;
      if (value < min) min = value;
      if (value > max) max = value;
      if (width === 0 && min < max && equal > 0) open(before);
      if (width > 0) put(value);
      else equal += 1;
    },
    spans,
  };
}

/**
 * About a thousandth of the range, so that there are bins enough for twenty bars; no less than
 * what tells the larger number from its neighbours, so that bounds are numbers, too.
 */
function firstWidth(min: number, max: number): number {
  const range = max / 2 - min / 2;
  const fine = 2 ** (Math.floor(Math.log2(range)) + 1 - 9);
  const distance = 2 ** (Math.floor(Math.log2(Math.max(-min, max))) - 51);
  return Math.max(fine, distance, 2 ** -1022);
}
