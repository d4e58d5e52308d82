import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Member } from "./rig.ts";
import { type Findings, noFindings } from "./trial.ts";

type Pulse = {
  /** ms that a node's answers took, the time without a core taken off: other programs run here, too */
  times: number[];
  failed: number;
};

/**
 * Feels a node's event loop from outside: a cheap request every 20 ms, from a thread of its own since
 * this process may be busier than the node.
 */
export async function feelPulse({ process: { url, pid } }: Member) {
  const workerData = { url, pid };
  const thread = new Worker(new URL("pulse-thread.mjs", import.meta.url), { workerData });
  await once(thread, "online");
  return {
    async stop(): Promise<Pulse> {
      const told = once(thread, "message");
      thread.postMessage("stop");
      const [pulse] = (await told) as [Pulse];
      return pulse;
    },
  };
}

/** A node's 99th percentile against `mostMs`. */
export function judgePulse({ times, failed }: Pulse, mostMs: number): Findings {
  const found = noFindings();
  const sorted = [...times].sort((a, b) => a - b);
  const ms = Math.round(sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.POSITIVE_INFINITY);
  if (ms > mostMs) found.wrong.push(`1 of 100 answers of the other node took over ${ms} ms`);
  if (failed > 0) found.wrong.push(`${failed} answers of the other node didn't come`);
  if (times.length < 50) found.wrong.push(`only ${times.length} answers were timed`);
  return found;
}
