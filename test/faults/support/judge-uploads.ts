import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { TestClient } from "../../support/client.ts";
import { countSnapshots, judgeAgreement, judgeOrder } from "./judge-watchers.ts";
import { isFinal, jobOf } from "./judgement.ts";
import type { Rig } from "./rig.ts";
import { readDataset } from "./stored-rows.ts";
import { type Findings, join, noFindings } from "./trial.ts";
import type { Watcher } from "./watcher.ts";

/** Waits until these jobs have ended, and every watcher of `jobs` has heard of whatever came before. */
export async function untilAllTold(
  client: TestClient,
  watchers: readonly Watcher[],
  accepted: readonly Submitted[],
): Promise<void> {
  for (const { job } of accepted) await client.final(job.id);
  const last = (await client.upload("id\n1\n")).body.job.id;
  const isLast = (event: ChannelEvent) => isFinal(event) && jobOf(event).id === last;
  await Promise.all(watchers.map(({ until }) => until(isLast, "the end of a last upload")));
}

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
