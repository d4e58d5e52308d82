import { appendFileSync } from "node:fs";
import { isKept, type Promised, type Verdict } from "./trial.ts";

export type Run = {
  id: string;
  seed: number;
  /** null where the attack itself came to no end */
  verdict: Verdict | null;
  /** why it came to no end */
  error?: string;
};

/** One attempt, whatever becomes of it. */
export async function attempt(
  { id, attack }: Promised,
  seed: number,
  trial: Parameters<Promised["attack"]>[0],
): Promise<Run> {
  try {
    return { id, seed, verdict: await attack(trial) };
  } catch (err) {
    return { id, seed, verdict: null, error: describe(err) };
  }
}

/** For the table at the end of the tests. */
export function keepForTable(run: Run): void {
  const { SLUICE_RUNS } = process.env;
  if (SLUICE_RUNS) appendFileSync(SLUICE_RUNS, `${JSON.stringify(run)}\n`);
}

export const isGood = ({ verdict }: Run): boolean => verdict !== null && isKept(verdict);

/** What was wrong with a run, in words; empty for a good one. */
export function explain({ verdict, error }: Run): string[] {
  if (!verdict) return [`came to no end: ${error}`];
  const { lost, doubled, gaps, wrong, faults } = verdict;
  return [
    ...lost.map((words) => `lost: ${words}`),
    ...doubled.map((words) => `doubled: ${words}`),
    ...gaps.map((words) => `gap: ${words}`),
    ...wrong.map((words) => `wrong: ${words}`),
    ...(faults === 0 ? ["no fault was injected"] : []),
  ];
}

/** By promise, then by seed. */
export const sortRuns = (runs: readonly Run[]): Run[] =>
  [...runs].sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }) || a.seed - b.seed);

const heads = ["promise", "runs", "kept", "faults", "lost", "doubled", "gaps", "wrong"];
const times = ["p50 s", "p95 s", "max s"];

/** The table of docs/guarantees.md; times to recover in seconds. */
export function formatTable(runs: readonly Run[]): string {
  const ids = [...new Set(runs.map(({ id }) => id))];
  const rows = ids.map((id) =>
    rowOf(
      id,
      runs.filter((run) => run.id === id),
    ),
  );
  const lines = [[...heads, ...times], ...rows];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const show = (line: string[]) => line.map((cell, i) => cell.padStart(widths?.[i] ?? 0));
  return lines.map((line) => `| ${show(line).join(" | ")} |`).join("\n");
}

function rowOf(id: string, runs: readonly Run[]): string[] {
  const verdicts = runs.flatMap(({ verdict }) => (verdict ? [verdict] : []));
  const count = (of: (verdict: Verdict) => number) =>
    String(verdicts.reduce((sum, verdict) => sum + of(verdict), 0));
  const recovery = verdicts.flatMap(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
  const quantile = (q: number) => {
    const ms = recovery[Math.min(recovery.length - 1, Math.floor(q * recovery.length))];
    return ms === undefined ? "-" : (ms / 1000).toFixed(1);
  };
  return [
    id,
    String(runs.length),
    String(runs.filter(isGood).length),
    count(({ faults }) => faults),
    count(({ lost }) => lost.length),
    count(({ doubled }) => doubled.length),
    count(({ gaps }) => gaps.length),
    count(({ wrong }) => wrong.length),
    quantile(0.5),
    quantile(0.95),
    quantile(1),
  ];
}

/** With what lies behind it: `fetch failed` alone says nothing. */
function describe(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  return err.cause ? `${err.message} (${describe(err.cause)})` : err.message;
}
