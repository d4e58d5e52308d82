import { Redis } from "ioredis";
import { io } from "socket.io-client";
import type { Job } from "../../protocol/jobs.ts";
import { ownStores } from "../../test/support/cluster.ts";
import { redisPid } from "../measure.ts";
import { startProgram } from "../program.ts";
import type { PublisherReady, WatchedJobs } from "../progress.ts";
import { createTally } from "../tally.ts";

/** The same jobs and watchers by BullMQ's `updateProgress` and a `QueueEvents` on every node. */
export async function startQueueEvents(nodes: number, watchedNodes = nodes): Promise<WatchedJobs> {
  const { redisUrl, prefix } = ownStores();
  const env = { REDIS_URL: redisUrl, REDIS_PREFIX: prefix };
  const publisher = await startProgram("bench/rivals/publisher-process.ts", env);
  const { jobs, clock } = publisher.ready as PublisherReady;
  const servers = await Promise.all(
    Array.from({ length: nodes }, () => startProgram("bench/rivals/node-process.ts", env)),
  );

  const tally = createTally(jobs.length);
  const urls = servers.map(({ ready }) => (ready as { url: string }).url);
  const sockets = jobs.map((_, index) =>
    io(urls[index % watchedNodes], { transports: ["websocket"], forceNew: true }),
  );
  for (const [index, socket] of sockets.entries()) {
    socket.on("progress", ({ progress }: Job) => tally.take(index, progress.rowsRead));
    await socket.emitWithAck("watch", jobs[index]?._id);
  }
  const redis = new Redis(redisUrl);
  let first = 0;

  return {
    clock,
    pids: {
      ...Object.fromEntries(servers.map(({ pid }, index) => [`node-${index}`, pid])),
      publisher: publisher.pid,
      redis: await redisPid(redis),
    },
    async publish(each) {
      await Promise.all([tally.until(first + each), publisher.ask({ first, each })]);
      first += each;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.disconnect();
      for (const program of [publisher, ...servers]) await program[Symbol.asyncDispose]();
      await redis.unlink(await redis.keys(`${prefix}:*`));
      redis.disconnect();
    },
  };
}
