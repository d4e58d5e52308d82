import { once } from "node:events";
import type { Member } from "./rig.ts";
import { type Findings, noFindings } from "./trial.ts";

/** Milliseconds between the turns of a timer of 10 ms in a node's event loop. */
type Pulse = { count: number; p99: number; max: number };

/** For the environment of processes whose pulse is to be felt. */
export const withPulse = {
  NODE_OPTIONS: `--import ${new URL("../../../bench/loop-monitor.mjs", import.meta.url).href}`,
};

/** Feels a node's event loop from now on. */
export async function feelPulse({ process: { child } }: Member) {
  child.send("loop:reset");
  return {
    async stop(): Promise<Pulse> {
      const told = once(child, "message");
      child.send("loop:read");
      const [pulse] = (await told) as [Pulse];
      return pulse;
    },
  };
}

/** A node's 99th percentile against `mostMs`. */
export function judgePulse({ count, p99, max }: Pulse, mostMs: number): Findings {
  const found = noFindings();
  const words = `over ${Math.round(p99)} ms, the longest ${Math.round(max)}`;
  if (p99 > mostMs) found.wrong.push(`1 of 100 turns of the other node took ${words}`);
  if (count < 50) found.wrong.push(`only ${count} turns were timed`);
  return found;
}
