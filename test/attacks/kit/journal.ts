import { eventually } from "../../flows/support/eventually.ts";
import { newEmail } from "./sign-in.ts";
import type { World } from "./world.ts";

export type Line = { level?: number; event?: string; audit?: boolean } & Record<string, unknown>;

const textOf = (world: World): string =>
  [...world.own().api, ...world.own().workers].map(({ output }) => output()).join("\n");

/** All that the cluster has logged, and every node that was started for one row, as it stands. */
export const readLog = (world: World): string => [textOf(world), ...world.logsOfEnded()].join("\n");

/** Waits until all that was done up to now stands in the log: it comes by another way than answers do. */
export async function settle(world: World): Promise<void> {
  const email = newEmail();
  await world.post("/api/v1/auth/login", { email, password: "a wrong password" });
  await eventually(
    async () => textOf(world),
    (text) => text.includes(email),
  );
}

/** Line by line; what is no JSON has `raw`. */
export const readLines = (world: World): Line[] =>
  textOf(world)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      try {
        return JSON.parse(line) as Line;
      } catch {
        return { raw: line };
      }
    });

/** pino's level for errors */
const errorLevel = 50;

/** A place in the cluster's log, from which faults are looked for. */
export function markLog(world: World) {
  const count = () => readLines(world).filter(isFault).length;
  const before = count();
  return (): Line[] => readLines(world).filter(isFault).slice(before, count());
}

const isFault = ({ level = 0, raw }: Line) =>
  level >= errorLevel || /unhandled|uncaught/i.test(String(raw ?? ""));
