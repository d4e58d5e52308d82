import type { World } from "./world.ts";

export type Line = { level?: number; event?: string; audit?: boolean } & Record<string, unknown>;

const textOf = (world: World): string =>
  [...world.own().api, ...world.own().workers].map(({ output }) => output()).join("\n");

/** All that the cluster has logged, as it stands. */
export const readLog = textOf;

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
