import { createRandom, type Random } from "./random.ts";

/** What a run found; each entry says in words what it means, an empty list is what was promised. */
export type Findings = {
  /** acknowledged or good, and not there */
  lost: string[];
  /** there more than once */
  doubled: string[];
  /** missing from what a watcher was told, without a word */
  gaps: string[];
  /** anything else that was promised otherwise: values, counters, order, times */
  wrong: string[];
};

export type Verdict = Findings & {
  /** how many faults were really injected */
  faults: number;
  /** from a fault, or its end, to everything being as before */
  recoveryMs: number[];
  /** what was measured on the way, in words, kept or not */
  measured?: string[];
};

export type Trial = {
  random: Random;
  /** the tier of `npm run test:faults`; else the small one of `npm test` */
  isLarge: boolean;
};

/** `from`, found exactly once in `file`, becomes `to`. */
type Edit = { file: string; from: string; to: string };

/** A defect that the promise must not survive; `also` what else it takes to build it. */
export type Mutant = Edit & { what: string; also?: readonly Edit[] };

/** One promise, and an attempt at proving it false. */
export type Promised = {
  /** as in docs/guarantees.md */
  id: string;
  title: string;
  /** runs of the large tier unless told otherwise: fewer where a fault takes over a minute */
  seeds: number;
  mutants: readonly Mutant[];
  attack: (trial: Trial) => Promise<Verdict>;
};

export const createTrial = (seed: number, isLarge: boolean): Trial => ({
  random: createRandom(seed),
  isLarge,
});

export const noFindings = (): Findings => ({ lost: [], doubled: [], gaps: [], wrong: [] });

/** All that several judges found. */
export function join(...all: Findings[]): Findings {
  const joined = noFindings();
  for (const found of all) {
    joined.lost.push(...found.lost);
    joined.doubled.push(...found.doubled);
    joined.gaps.push(...found.gaps);
    joined.wrong.push(...found.wrong);
  }
  return joined;
}

export const isKept = ({ lost, doubled, gaps, wrong, faults }: Verdict): boolean =>
  lost.length + doubled.length + gaps.length + wrong.length === 0 && faults > 0;
