import { setTimeout as pause } from "node:timers/promises";

/**
 * Calls `send` `count` times, evenly spread, with the moment (of `performance.now()`) at which it was due; who
 * is late catches up. Resolves when all are done, and fails with the first that does.
 */
export async function pace(
  perSecond: number,
  count: number,
  send: (index: number, dueAt: number) => Promise<unknown>,
): Promise<void> {
  const sendings: Promise<unknown>[] = [];
  const started = performance.now();
  while (sendings.length < count) {
    const due = Math.ceil(((performance.now() - started) * perSecond) / 1000);
    while (sendings.length < Math.min(due, count)) {
      const dueAt = started + (sendings.length * 1000) / perSecond;
      sendings.push(send(sendings.length, dueAt));
    }
    await pause(1);
  }
  await Promise.all(sendings);
}
