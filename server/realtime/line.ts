import { createGate } from "../infrastructure/gate.ts";

/** Requests of one connection that are at work at once. */
const mostAtOnce = 4;
/** With more than so many waiting they go one by one. */
const mostPatient = 8;

/** Of a node, of connections with that many waiting, together. */
const mostOfLong = 1;

type Pass = <T>(work: () => Promise<T>) => Promise<T>;

/** What the long lines of a node share, in turn. */
export const createLongLines = (): Pass =>
  createGate({ most: mostOfLong, waiting: 0, retryAfter: 1 }).pass;

/**
 * Does the work of one connection in its order, a few at a time; while many wait one at a time, and in turn with
 * the other long lines, so that whoever asks for much at once stands in front of nobody else.
 */
export function createLine(passLong: Pass): Pass {
  const waiting: ((isLong: boolean) => void)[] = [];
  let atWork = 0;

  const isLong = () => waiting.length > mostPatient;

  function letIn(): void {
    while (waiting.length > 0 && atWork < (isLong() ? 1 : mostAtOnce)) {
      atWork += 1;
      waiting.shift()?.(isLong());
    }
  }

  return async (work) => {
    const turn = new Promise<boolean>((resolve) => waiting.push(resolve));
    letIn();
    try {
      return (await turn) ? await passLong(work) : await work();
    } finally {
      atWork -= 1;
      letIn();
    }
  };
}
