import { setTimeout as pause } from "node:timers/promises";

type Step = () => Promise<unknown>;

export type Failure = { what: string; message: string };

/** People who go on working until `stop`; every request is counted, every failure written down. */
export function createLoad() {
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  const loops: Promise<void>[] = [];
  let isOver = false;

  async function loop(what: string, step: Step, restMs: number, firstMs: number): Promise<void> {
    await pause(firstMs);
    while (!isOver) {
      counts.set(what, (counts.get(what) ?? 0) + 1);
      await step().catch((err: unknown) => {
        failures.push({ what, message: err instanceof Error ? err.message : String(err) });
      });
      await pause(restMs);
    }
  }

  return {
    failures,
    /** Requests sent so far, by kind. */
    counts: () => Object.fromEntries(counts),
    /** Repeats a request, `restMs` after its answer; the first is sent after `firstMs`. */
    keepOn(what: string, restMs: number, step: Step, firstMs = 0): void {
      loops.push(loop(what, step, restMs, firstMs));
    },
    /** Ends when the last answers are there. */
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(loops);
    },
  };
}
