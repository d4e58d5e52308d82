import { setImmediate as turn } from "node:timers/promises";
import type { Batch } from "../../datasets/parsing/seam.ts";
import type { Checkpoint } from "../job.model.ts";

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
  let queued = done;
  let acknowledged = done;
  let saved = done;
  let savedAt = 0;
  let saving: Promise<void> = Promise.resolve();
  let isSaving = false;

  async function awaitOldest() {
    const oldest = inFlight[0];
    if (!oldest) return;
    await oldest.written;
    inFlight.shift();
    acknowledged = oldest.reaches;
  }

  /** One at a time; further batches are written meanwhile. */
  function saveReached(): void {
    if (isSaving || acknowledged === saved) return;
    const reached = acknowledged;
    isSaving = true;
    saving = save(reached)
      .then(() => {
        saved = reached;
      })
      .finally(() => {
        savedAt = Date.now();
        isSaving = false;
      });
    saving.catch(() => {});
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
      if (Date.now() - savedAt >= intervalMs) saveReached();
    },

    /** Waits for what is in flight and saves how far it came; also after a stop in the middle. */
    async close(): Promise<void> {
      while (inFlight.length > 0) await awaitOldest();
      await saving;
      saveReached();
      await saving;
    },
  };
}
