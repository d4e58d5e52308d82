/** Requests of one connection that are at work at once. */
const mostAtOnce = 8;
/** With more than so many waiting they go one by one. */
const mostPatient = 16;

/**
 * Does the work of one connection in its order, a few at a time; one at a time while many wait, so that
 * whoever asks for much at once stands in front of nobody else.
 */
export function createLine() {
  const waiting: (() => void)[] = [];
  let atWork = 0;

  const hasRoom = () => atWork < (waiting.length > mostPatient ? 1 : mostAtOnce);

  function letIn(): void {
    while (waiting.length > 0 && hasRoom()) {
      atWork += 1;
      waiting.shift()?.();
    }
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    letIn();
    await turn;
    try {
      return await work();
    } finally {
      atWork -= 1;
      letIn();
    }
  };
}
