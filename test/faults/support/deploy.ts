import { once } from "node:events";
import type { Member } from "./rig.ts";

export type Stop = {
  name: string;
  /** ms of this machine's clock: SIGTERM, exit, ready again */
  toldAt: number;
  goneAt: number;
  backAt: number;
  code: number | null;
};

/** Ends a process as a deploy does and starts its successor; a node's front leads to `other` meanwhile. */
export async function redeploy(member: Member, other?: Member): Promise<Stop> {
  if (other?.process.url) member.front?.leadTo(other.process.url);
  const { child } = member.process;
  const exited = once(child, "exit");
  const toldAt = Date.now();
  child.kill("SIGTERM");
  const [code] = (await exited) as [number | null];
  const goneAt = Date.now();
  await member.restart();
  return { name: member.name, toldAt, goneAt, backAt: Date.now(), code };
}
