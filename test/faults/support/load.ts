import { setTimeout as pause } from "node:timers/promises";

export type Failure = { what: string; message: string };

/** People who go on working until `stop`; every request is counted, every failure written down. */
export function createLoad() {
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  const loops: Promise<void>[] = [];
  let isOver = false;

  async function loop(what: string, step: () => Promise<unknown>, restMs: number): Promise<void> {
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
    /** Repeats a request, `restMs` after its answer. */
    keepOn(what: string, restMs: number, step: () => Promise<unknown>): void {
      loops.push(loop(what, step, restMs));
    },
    /** Ends when the last answers are there. */
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

export type Load = ReturnType<typeof createLoad>;
