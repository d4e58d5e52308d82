import { createLookout } from "../test/faults/support/lookout.ts";

/** Notes when somebody first knew of the newest event. */
export function createArrival() {
  const { tell, until } = createLookout();
  let newest = { event: -1, at: 0 };

  return {
    take(event: number): void {
      if (event <= newest.event) return;
      newest = { event, at: Date.now() };
      tell();
    },
    /** Resolves with the moment (ms) at which this event or a later one was known. */
    told: (event: number): Promise<number> =>
      until(() => (newest.event >= event ? newest.at : undefined), `event ${event}`),
  };
}
