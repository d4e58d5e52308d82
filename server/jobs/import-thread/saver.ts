type Deps<Place> = { save: (reached: Place) => Promise<void>; intervalMs: number };

/** Saves how far a task has come, from time to time: one place at a time, and the task goes on meanwhile. */
export function createSaver<Place>(first: Place, { save, intervalMs }: Deps<Place>) {
  let saved = first;
  let savedAt = 0;
  let saving: Promise<void> = Promise.resolve();
  let isSaving = false;

  function start(reached: Place): void {
    if (isSaving || reached === saved) return;
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
    /** Saves a place unless one was saved just now, or is being saved. */
    offer(reached: Place): void {
      if (Date.now() - savedAt >= intervalMs) start(reached);
    },

    /** Waits, after a failure, until nothing is being saved any more. */
    settled: () => saving.catch(() => {}),

    /** Waits for what is being saved, then saves the last place. */
    async close(reached: () => Place): Promise<void> {
      await saving;
      start(reached());
      await saving;
    },
  };
}
