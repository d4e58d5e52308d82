import { connect } from "../client/connect.ts";
import { follow } from "../client/follow.ts";
import type { Job } from "../protocol/jobs.ts";
import { createPublisher } from "../server/infrastructure/channel-publisher.ts";
import { createJobModel } from "../server/jobs/job.model.ts";
import { announceProgress } from "../server/jobs/job-view.ts";
import { type Line, openProxy } from "../test/faults/support/proxy.ts";
import { type Cluster, startCluster } from "../test/support/cluster.ts";
import { createArrival } from "./arrival.ts";
import { type Bench, interleave, judge, median, quantile } from "./pairs.ts";
import { progressed, runningJobs } from "./progress.ts";
import { watchByDefault } from "./rivals/default-client.ts";

const clients = 200;
/** So many connect at once in the beginning. */
const atOnce = 50;

type Watch = typeof watchByDefault;

/** How long the death of a node keeps its clients from being connected and up to date at another one. */
export const comeback: Bench = {
  name: "comeback",
  pairs: 8,
  async run(pairs, report) {
    const env = { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "warn" };
    await using cluster = await startCluster({ api: 2, workers: 0, env });
    await using front = await openProxy(cluster.url(0));
    const kill = await prepare(cluster, front);
    for (const watch of [watchByClient, watchByDefault]) await kill(watch);
    const results = await interleave(
      pairs,
      () => kill(watchByClient),
      () => kill(watchByDefault),
    );
    for (const { a, b } of results) {
      report(`ms to be back: client ${describe(a)} | socket.io-client ${describe(b)}`);
    }
    const ratios = results.map(({ a, b }) => p99(a) / p99(b));
    return [judge("comeback", "socket.io-client's defaults", ratios, { atMost: 0.8 })];
  },
};

/** The client library: `connect` and `follow`. */
const watchByClient: Watch = (url, token, jobId) => {
  const { take, told } = createArrival();
  const socket = connect(url, { token });
  const read = async () => {
    for await (const step of follow(socket, `job:${jobId}`)) {
      if (step.kind === "recovered") continue;
      const job = (step.kind === "snapshot" ? step.snapshot : step.event.data) as Job;
      take(job.progress.rowsRead);
    }
  };
  void read();
  return { told, close: () => socket.disconnect() };
};

/** Gives what kills the first node and says, in ms, how long it took each client to be back. */
async function prepare(cluster: Cluster, front: Line) {
  let [dying] = cluster.api;
  const { token, user } = await cluster.signUp(1);
  const publish = createPublisher({ redis: cluster.redis, prefix: cluster.settings.REDIS_PREFIX });
  const jobs = runningJobs(user.id, clients);
  const model = createJobModel(cluster.mongo);
  await model.insertMany(jobs);
  let event = 0;

  /** Each job's next event, stored first, as a worker does it. */
  async function goOn(): Promise<void> {
    event += 1;
    const next = jobs.map((job) => progressed(job, event));
    await model.updateMany({ userId: user.id }, { progress: next[0]?.progress });
    await Promise.all(next.map((job) => announceProgress(publish, job, event)));
  }

  return async (watch: Watch): Promise<number[]> => {
    const watchers: ReturnType<Watch>[] = [];
    while (watchers.length < clients) {
      const group = jobs.slice(watchers.length, watchers.length + atOnce);
      const opened = group.map(({ _id }) => watch(front.url, token, _id));
      await Promise.all(opened.map(({ told }) => told(event)));
      watchers.push(...opened);
    }

    const killedAt = Date.now();
    await dying?.kill();
    front.leadTo(cluster.url(1));
    await goOn();
    const moments = await Promise.all(watchers.map(({ told }) => told(event)));

    for (const { close } of watchers) close();
    dying = await cluster.start("api", 0);
    front.leadTo(dying.url ?? "");
    return moments.map((at) => at - killedAt);
  };
}

const p99 = (times: number[]): number => quantile(times, 0.99);

const describe = (times: number[]): string =>
  `p50 ${Math.round(median(times))}, p99 ${p99(times)}, all ${Math.max(...times)}`;
