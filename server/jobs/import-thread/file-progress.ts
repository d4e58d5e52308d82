import type { ExportCheckpoint } from "../job.model.ts";
import { createSaver } from "./saver.ts";

type Deps = {
  /** bytes that are stored for certain */
  stored: () => number;
  save: (reached: ExportCheckpoint) => Promise<void>;
  intervalMs: number;
};

/** Saves how far a file has come, from time to time, and only as far as its bytes are stored. */
export function createFileProgress(done: ExportCheckpoint, { stored, ...saving }: Deps) {
  const saver = createSaver(done, saving);
  const ahead: ExportCheckpoint[] = [];
  let reached = done;

  function advance(): ExportCheckpoint {
    const most = stored();
    for (let next = ahead[0]; next && next.bytes <= most; next = ahead[0]) {
      reached = next;
      ahead.shift();
    }
    return reached;
  }

  return {
    /** A place from which the file can be gone on with, once all before it is stored. */
    add(place: ExportCheckpoint): void {
      ahead.push(place);
      saver.offer(advance());
    },

    settled: saver.settled,

    /** Saves the last place once the file is ended. */
    close: () => saver.close(advance),
  };
}
