import type { World } from "./world.ts";

/** One thing to try. It passes where `act` gives just what is expected and nobody else was harmed. */
export type Row = {
  id: string;
  input: string;
  expected: unknown;
  act: (world: World) => Promise<unknown>;
  /** what only a cluster of one's own has: a deployment can't be asked for it */
  needs?: string;
  /** takes over a second, so that `npm test` leaves it out */
  isSlow?: true;
  /** how far a process's memory may rise meanwhile, where that can be seen */
  mostMegabytes?: number;
  /** needs a browser */
  isSeen?: true;
  /** Brings a fault of the server about to see how it is answered. */
  isFault?: true;
};

/** `value`, said with its alternatives where it is one of them: which one is left to the server. */
export const oneOf = <T>(value: T, ...allowed: T[]): T | string =>
  allowed.includes(value) ? allowed.join(" or ") : value;

/** Each value once, in order: what many alike came to. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)].sort();
