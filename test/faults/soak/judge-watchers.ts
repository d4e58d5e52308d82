import { judgeAgreement, judgeOrder } from "../support/judge-watchers.ts";
import { isFinal, jobOf } from "../support/judgement.ts";
import type { Rig } from "../support/rig.ts";
import { type Findings, join, noFindings } from "../support/trial.ts";
import type { Watcher } from "../support/watcher.ts";
import type { Person } from "./person.ts";

/** Nobody may have missed or heard twice what no snapshot owned up to, and all must still be listening. */
export async function judgeWatchers(rig: Rig, { watchers, userId }: Person): Promise<Findings> {
  const jobs = rig.cluster.mongo.collection<{ _id: string }>("jobs");
  const newest = await jobs.findOne({ userId, kind: "import" }, { sort: { createdAt: -1 } });
  const judged = watchers.map(async (watcher, i) => {
    const found = join(judgeOrder(watcher.seen, `watcher ${i}`), judgeEnds(watcher));
    const isIt = (event: Parameters<typeof isFinal>[0]) =>
      isFinal(event) && jobOf(event).id === newest?._id;
    await watcher.until(isIt, "the last end").catch((err: unknown) => found.lost.push(String(err)));
    return found;
  });
  return join(judgeAgreement(watchers), ...(await Promise.all(judged)));
}

/** One final event per run and epoch: beyond the loss of all of Redis nothing is promised. */
function judgeEnds(watcher: Watcher): Findings {
  const found = noFindings();
  const ends = watcher.events().filter(isFinal);
  const keys = ends.map((event) => `${jobOf(event).id} in ${event.epoch}`);
  for (const key of new Set(keys)) {
    const count = keys.filter((one) => one === key).length;
    if (count > 1) found.doubled.push(`${count} final events of ${key}`);
  }
  return found;
}
