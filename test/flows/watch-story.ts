import type { Job } from "../../protocol/jobs.ts";
import { findLower, hasRows, isFinal, jobOf } from "../faults/support/judgement.ts";
import { createOrdersFile } from "../faults/support/orders-file.ts";
import { type Recording, record } from "../faults/support/recording.ts";
import { createRoamer } from "../faults/support/roamer.ts";
import type { SlowLink } from "../faults/support/slow-link.ts";
import { readStoredJob } from "../faults/support/stored-job.ts";
import type { Cluster } from "../support/cluster.ts";

const eventsMissed = 3;

/**
 * An import of 100,000 rows as watchers on two nodes saw it, one of whom was cut off in the middle and
 * came back on the other node. The worker starts once all are there, on a link so slow that there is something to watch.
 */
export async function tellStory(cluster: Cluster, link: SlowLink) {
  const [ann, bob] = await Promise.all([cluster.signUp(0), cluster.signUp(1)]);
  const list = await record(ann.socket(cluster.url(1)), "jobs");
  const foreignList = await record(bob.socket(), "jobs");
  const { body } = await ann.upload(createOrdersFile(100_000, 100).text);
  const [job, dataset] = [`job:${body.job.id}`, `dataset:${body.dataset.id}`];
  const watchers = await Promise.all([0, 1].map((i) => record(ann.socket(cluster.url(i)), job)));
  const changes = await record(ann.socket(cluster.url(1)), dataset);
  const [first] = watchers as [Recording];
  const audit = auditProgress(cluster, first, body.job.id);
  const roamer = createRoamer(ann, job);
  await roamer.goTo(cluster.url(0));

  await cluster.start("worker", 0, { MONGODB_URI: link.uri });
  await roamer.until(hasRows, "rows");
  await roamer.leave();
  const missedFrom = first.events().length;
  const isLate = () => first.events().length >= missedFrom + eventsMissed;
  await first.until((event) => isLate() || isFinal(event), "events that the roamer misses");
  await roamer.goTo(cluster.url(1));
  await Promise.all([...watchers, roamer, list].map(({ until }) => until(isFinal, "the end")));
  await changes.until(({ data }) => "status" in data && data.status === "ready", "the last change");
  // By the end of another job, whatever the worker might say too much about this one has come.
  await ann.final((await ann.upload("a\n1\n")).body.job.id);
  return { ann, bob, ...body, watchers, roamer, list, foreignList, changes, ahead: await audit() };
}

export type Story = Awaited<ReturnType<typeof tellStory>>;

/** Looks into MongoDB at each event; gives the counters of which a watcher heard too early. */
function auditProgress(cluster: Cluster, { onEvent }: Recording, jobId: string) {
  const looks: Promise<string[]>[] = [];
  onEvent((event) => {
    const told: Job = jobOf(event);
    const look = readStoredJob(cluster, jobId);
    looks.push(look.then((stored) => findLower(stored.progress, told.progress)));
  });
  return async () => (await Promise.all(looks)).flat();
}
