import type { Submitted } from "../../../protocol/jobs.ts";
import { countSnapshots, judgeAgreement, judgeOrder } from "./judge-watchers.ts";
import { isFinal, jobOf } from "./judgement.ts";
import type { Rig } from "./rig.ts";
import { readDataset } from "./stored-rows.ts";
import { type Findings, join, noFindings } from "./trial.ts";
import type { Watcher } from "./watcher.ts";

/** Waits until every watcher of `jobs` has seen each of these jobs end. */
export const untilAllEnded = (watchers: readonly Watcher[], accepted: readonly Submitted[]) =>
  Promise.all(
    watchers.map(({ untilSeen, events }) =>
      untilSeen(
        () => {
          const ended = new Set(
            events()
              .filter(isFinal)
              .map((event) => jobOf(event).id),
          );
          return accepted.every(({ job }) => ended.has(job.id)) || undefined;
        },
        "the end of every upload",
        120,
      ),
    ),
  );

/** Every accepted upload ended once, well, with all of its `rows`; its watchers missed nothing. */
export async function judgeUploads(
  rig: Rig,
  watchers: readonly Watcher[],
  accepted: readonly Submitted[],
  rows: number,
): Promise<Findings> {
  const found = noFindings();
  for (const { dataset } of accepted) {
    const stored = await readDataset(rig.cluster, dataset.id);
    const count = await rig.cluster.mongo.collection(`records_${dataset.id}`).countDocuments();
    if (stored.status !== "ready" || stored.rows !== rows || count !== rows) {
      found.lost.push(`${dataset.id} is ${stored.status} with ${stored.rows} (${count}) rows`);
    }
  }
  const told = watchers.map((watcher, i) => judgeTold(watcher, i, accepted));
  return join(found, judgeAgreement(watchers), ...told);
}

function judgeTold(watcher: Watcher, index: number, accepted: readonly Submitted[]): Findings {
  const found = judgeOrder(watcher.seen, `watcher ${index} of jobs`);
  const again = countSnapshots(watcher.seen);
  if (again > 0) found.gaps.push(`watcher ${index} of jobs began anew ${again} times`);
  const finals = watcher.events().filter(isFinal);
  for (const { job } of accepted) {
    const states = finals.map(jobOf).filter(({ id }) => id === job.id);
    if (states.length === 0) found.lost.push(`the final event of ${job.id}`);
    if (states.length > 1) found.doubled.push(`final events of ${job.id}: ${states.length}`);
  }
  return found;
}
