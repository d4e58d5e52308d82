import type { AnyTarget, Taken } from "./target.ts";

const mostCodes = 14;

/** Adds up how the inputs of each target were taken. */
export function createTally(targets: readonly AnyTarget[]) {
  const nothing = (): Taken => ({ counts: new Map(), wrong: [], ms: 0 });
  const all = new Map(targets.map((one) => [one, nothing()]));
  const count = () => sum([...all.values()].map(({ counts }) => sum(counts.values())));

  return {
    all,
    count,
    add(to: AnyTarget, { counts, wrong, ms }: Taken): void {
      const total = all.get(to);
      if (!total) throw new Error(`no target ${to.name}`);
      total.ms += ms;
      total.wrong.push(...wrong);
      for (const [code, n] of counts) total.counts.set(code, (total.counts.get(code) ?? 0) + n);
    },
    /** What was sent where, and how it was taken, in words. */
    lines(): string[] {
      const lines = [...all].map(([{ name }, { counts, ms }]) => {
        const sorted = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostCodes);
        const codes = sorted.map(([code, n]) => `${code} ${n}`).join(", ");
        return `${name}: ${sum(counts.values())} in ${Math.round(ms / 1000)} s (${codes})`;
      });
      return [...lines, `${count()} inputs`];
    },
  };
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
