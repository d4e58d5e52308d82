/** One ratio: what is measured against what, and what it has to reach. */
export type Ratio = {
  name: string;
  against: string;
  /** median over the pairs */
  ratio: number;
  /** least and greatest of the pairs */
  spread: [number, number];
  reach: string;
  holds: boolean;
  pairs: number;
};

export type Bench = {
  name: string;
  pairs: number;
  run: (pairs: number, report: (line: string) => void) => Promise<Ratio[]>;
};

/** Measures two sides in turn, A B B A …, so that drift of the machine meets both alike. */
export async function interleave<T>(
  pairs: number,
  a: (pair: number) => Promise<T>,
  b: (pair: number) => Promise<T>,
): Promise<{ a: T; b: T }[]> {
  const results: { a: T; b: T }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) {
      const first = await a(pair);
      results.push({ a: first, b: await b(pair) });
    } else {
      const first = await b(pair);
      results.push({ b: first, a: await a(pair) });
    }
  }
  return results;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The least value that so great a share of them doesn't exceed. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

type Goal = { atLeast: number } | { atMost: number };

/** Sums up the ratios of all pairs against what is to be reached. */
export function judge(name: string, against: string, ratios: number[], goal: Goal): Ratio {
  const ratio = median(ratios);
  const isFloor = "atLeast" in goal;
  return {
    name,
    against,
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    reach: isFloor ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`,
    holds: isFloor ? ratio >= goal.atLeast : ratio <= goal.atMost,
    pairs: ratios.length,
  };
}
