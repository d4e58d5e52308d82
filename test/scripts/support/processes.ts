import { identify, isAlive } from "../../../scripts/processes/identity.mjs";
import type { Line } from "./script.ts";

/** Resolves once none of these processes is left; looks every 50 ms, the system tells nobody. */
export async function untilGone(lines: Line[]): Promise<void> {
  const left = lines.flatMap(({ pid }) => (pid === undefined ? [] : [identify(pid)]));
  while (left.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Those of these processes that run, by role. */
export function running(lines: Line[]): (string | undefined)[] {
  return lines.filter(({ pid }) => pid && isAlive(identify(pid))).map(({ role }) => role);
}
