import type { ExportCheckpoint } from "../job.model.ts";

type Deps = {
  /** bytes that are stored for certain */
  stored: () => number;
  save: (reached: ExportCheckpoint) => Promise<void>;
  intervalMs: number;
};

/** Saves how far a file has come, from time to time, and only as far as its bytes are stored. */
export function createFileProgress(done: ExportCheckpoint, { stored, save, intervalMs }: Deps) {
  const ahead: ExportCheckpoint[] = [];
  let reached = done;
  let saved = done;
  let savedAt = 0;
  let saving: Promise<void> = Promise.resolve();
  let isSaving = false;

  function advance(): void {
    const most = stored();
    for (let next = ahead[0]; next && next.bytes <= most; next = ahead[0]) {
      reached = next;
      ahead.shift();
    }
  }

  /** One at a time; the file is written on meanwhile. */
  function saveReached(): void {
    if (isSaving || reached === saved) return;
    const now = reached;
    isSaving = true;
    saving = save(now)
      .then(() => {
        saved = now;
      })
      .finally(() => {
        savedAt = Date.now();
        isSaving = false;
      });
    saving.catch(() => {});
  }

  return {
    /** A place from which the file can be gone on with, once all before it is stored. */
    add(place: ExportCheckpoint): void {
      ahead.push(place);
      advance();
      if (Date.now() - savedAt >= intervalMs) saveReached();
    },

    /** Waits, after a failure, until nothing is being saved any more. */
    settled: () => saving.catch(() => {}),

    /** Saves the last place once the file is ended. */
    async close(): Promise<void> {
      await saving;
      advance();
      saveReached();
      await saving;
    },
  };
}
