import { setTimeout as pause } from "node:timers/promises";
import type { TestClient } from "../../support/client.ts";
import { placeAfter } from "./judge-story.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { Rig } from "./rig.ts";
import { watch } from "./watcher.ts";

const ways = ["cut", "reset", "stalled"] as const;

export type Absence = {
  how: (typeof ways)[number];
  ms: number;
  /** through which it comes back */
  node: number;
};

export const drawAbsence = ({ pick, between }: Random, longestMs: number): Absence => ({
  how: pick(ways),
  ms: between(0, longestMs),
  node: between(0, 1),
});

/** A client of the product with a line of its own, which comes back by itself once it may. */
export async function createWanderer(rig: Rig, client: TestClient, ledger: Ledger, node: number) {
  const line = await rig.openLine(rig.url(node));
  const watcher = watch(client, line.url, ledger.channel);

  return {
    watcher,
    /** Resolves to the ms from its way being free to its being where the channel then was. */
    async goAway(absence: Absence, meanwhile = async () => {}): Promise<number> {
      const { how, ms, node } = absence;
      if (how === "stalled") line.stall();
      else {
        line[how]();
        line.refuse();
      }
      await Promise.all([pause(ms), meanwhile()]);
      line.leadTo(rig.url(node));
      line.accept();
      line.go();
      const freeAt = Date.now();
      const place = await ledger.mark();
      const isThere = () => placeAfter(watcher.seen) >= place || undefined;
      await watcher.untilSeen(isThere, "a client that is back", 90);
      return Date.now() - freeAt;
    },
  };
}

export type Wanderer = Awaited<ReturnType<typeof createWanderer>>;
