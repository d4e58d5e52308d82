import { request } from "../client/request.ts";
import type { Job } from "../protocol/jobs.ts";
import { createJobModel } from "../server/jobs/job.model.ts";
import { startCluster } from "../test/support/cluster.ts";
import { redisPid } from "./measure.ts";
import { startProgram } from "./program.ts";
import type { PublisherReady, WatchedJobs } from "./progress.ts";
import { createTally } from "./tally.ts";

/** API nodes with watchers on the first `watchedNodes` of them, and a process that publishes as a worker does. */
export async function startWatchedJobs(nodes: number, watchedNodes = nodes): Promise<WatchedJobs> {
  const cluster = await startCluster({
    api: nodes,
    workers: 0,
    env: { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "warn" },
  });
  const client = await cluster.signUp();
  const { REDIS_URL, REDIS_PREFIX } = cluster.settings;
  const env = { REDIS_URL, REDIS_PREFIX, OWNER: client.user.id };
  const publisher = await startProgram("bench/publisher-process.ts", env);
  const { jobs, clock } = publisher.ready as PublisherReady;
  await createJobModel(cluster.mongo).insertMany(jobs);

  const tally = createTally(jobs.length);
  for (const [index, { _id }] of jobs.entries()) {
    const socket = client.socket(cluster.url(index % watchedNodes));
    socket.on("event", ({ data }) => tally.take(index, (data as Job).progress.rowsRead));
    await request(socket, "channel:subscribe", { channel: `job:${_id}` });
  }
  let first = 0;

  return {
    clock,
    pids: {
      ...Object.fromEntries(cluster.api.map(({ pid }, index) => [`node-${index}`, pid])),
      publisher: publisher.pid,
      redis: await redisPid(cluster.redis),
    },
    async publish(each) {
      await Promise.all([tally.until(first + each), publisher.ask({ first, each })]);
      first += each;
    },
    async [Symbol.asyncDispose]() {
      await publisher[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}
