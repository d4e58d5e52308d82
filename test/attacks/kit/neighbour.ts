import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { watchOver } from "../../../scripts/processes/guard.mjs";
import type { World } from "./world.ts";

const program = fileURLToPath(new URL("neighbour-process.ts", import.meta.url));

/** Since the last look: what has gone wrong, and the slowest of so many round trips. */
export type Fared = { problems: string[]; slowestMs: number; trips: number };

/**
 * Somebody who wants nothing but to go on working: asks by HTTP and socket all the while, from a process where
 * nothing else is done.
 */
export async function openNeighbour({ url, headers }: World) {
  const child = fork(program, [JSON.stringify({ url, headers: headers() })], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  watchOver(child);
  const early = once(child, "exit").then(([code]) => {
    throw new Error(`the neighbour ended with code ${code}`);
  });
  early.catch(() => {});
  const hear = () => Promise.race([once(child, "message"), early]);
  await hear();

  return {
    async look(): Promise<Fared> {
      child.send("look");
      const [fared] = await hear();
      return fared as Fared;
    },
    close: (): void => void child.kill(),
  };
}

export type Neighbour = Awaited<ReturnType<typeof openNeighbour>>;
