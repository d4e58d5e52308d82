import { createLookout } from "../test/faults/support/lookout.ts";

/** Notes which event each watcher was told last; one that is out of turn spoils it. */
export function createTally(watchers: number) {
  const newest = Array.from({ length: watchers }, () => 0);
  const faults: string[] = [];
  const { tell, until } = createLookout();

  return {
    take(watcher: number, event: number): void {
      const before = newest[watcher] ?? 0;
      if (event !== before + 1) faults.push(`event ${event} came after event ${before}`);
      newest[watcher] = event;
      tell();
    },

    /** Resolves once every watcher was told this event and all before it. */
    async until(event: number): Promise<void> {
      const areAllTold = () => newest.every((last) => last >= event);
      await until(() => faults.length > 0 || areAllTold() || undefined, `event ${event}`, 60);
      if (faults.length > 0) throw new Error(faults[0]);
    },
  };
}
