import { setImmediate as turn } from "node:timers/promises";
import type { Batch } from "../../datasets/parsing/seam.ts";
import type { Checkpoint } from "../job.model.ts";
import { createSaver } from "./saver.ts";

/** All rejected rows are counted, this many are kept. */
const mostRejectsKept = 100_000;

type Deps = {
  done: Checkpoint;
  write: (batch: Pick<Batch, "records" | "rejects">) => Promise<void>;
  save: (reached: Checkpoint) => Promise<void>;
  intervalMs: number;
  /** batches on their way at once */
  mostInFlight: () => number;
};

/**
 * Writes batches, several at once, and saves a checkpoint only for rows whose batch, and all
 * batches before it, are acknowledged.
 */
export function createWriter({ done, write, save, intervalMs, mostInFlight }: Deps) {
  const inFlight: { written: Promise<void>; reaches: Checkpoint }[] = [];
  const saver = createSaver(done, { save, intervalMs });
  let queued = done;
  let acknowledged = done;

  async function awaitOldest() {
    const oldest = inFlight[0];
    if (!oldest) return;
    await oldest.written;
    inFlight.shift();
    acknowledged = oldest.reaches;
  }

  return {
    async add(batch: Batch): Promise<void> {
      const room = Math.max(0, mostRejectsKept - queued.rejected);
      const written = write({ records: batch.records, rejects: batch.rejects.slice(0, room) });
      written.then(batch.release, () => {});
      queued = {
        place: batch.end,
        imported: queued.imported + batch.count,
        rejected: queued.rejected + batch.rejects.length,
      };
      inFlight.push({ written, reaches: queued });
      // It is sent, and others have their turn, before the next one is made.
      await turn();
      while (inFlight.length >= mostInFlight()) await awaitOldest();
      saver.offer(acknowledged);
    },

    /** Waits for what is in flight and saves how far it came; also after a stop in the middle. */
    async close(): Promise<void> {
      while (inFlight.length > 0) await awaitOldest();
      await saver.close(() => acknowledged);
    },
  };
}
