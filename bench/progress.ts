import type { JobDocument } from "../server/jobs/job.model.ts";
import { newJob } from "../server/jobs/job-view.ts";
import { pace } from "./pace.ts";
import { serveOwner } from "./program.ts";

export const channels = 100;
const eventsPerSecond = 1000;
/** Events a channel has in 10 seconds. */
export const tenSeconds = (10 * eventsPerSecond) / channels;

/** What a process is told that publishes: the events `first + 1` and so on of each job, `each` of them. */
export type PublishOrder = { first: number; each: number };

/** Jobs whose progress is published at a steady pace, and a watcher for each of them. */
export type WatchedJobs = {
  /** of `publisher`, `redis` and `node-0`, `node-1`, … */
  pids: Record<string, number>;
  /** CPU seconds an event that the publisher's clock takes, without publishing: the bench's own part */
  clock: number;
  /** Publishes so many events a job; resolves when every watcher was told all of them. */
  publish: (each: number) => Promise<void>;
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** Imports of a user that nobody works on. */
export const runningJobs = (userId: string, count: number): JobDocument[] =>
  Array.from({ length: count }, (_, index) => {
    const dataset = { id: `dataset-${index}`, name: `orders-${index}.csv` };
    const source = { id: `source-${index}`, bytes: 1e9, format: "csv" as const, options: {} };
    const job = newJob({ userId, kind: "import", dataset, source });
    return { ...job, state: "running", attempt: 1, startedAt: job.createdAt };
  });

/** A job as it stands after so many events: `rowsRead` tells them apart. */
export const progressed = (job: JobDocument, event: number): JobDocument => ({
  ...job,
  progress: {
    phase: "load",
    bytesScanned: job.progress.bytesTotal,
    bytesRead: event * 100_000,
    bytesTotal: job.progress.bytesTotal,
    rowsRead: event,
    rowsImported: event,
    rowsRejected: 0,
    rowsPerSecond: 20_000,
    etaSeconds: 30,
    percent: 50,
  },
});

/** What a process that publishes says when it is ready. */
export type PublisherReady = { jobs: JobDocument[]; clock: number };

/** The main part of a process that publishes: `send` tells one event of one of its jobs. */
export async function servePublisher(
  jobs: JobDocument[],
  send: (job: JobDocument, event: number) => Promise<unknown>,
): Promise<void> {
  const clock = await measureClock();
  serveOwner({ jobs, clock } satisfies PublisherReady, async ({ first, each }: PublishOrder) => {
    await pace(eventsPerSecond, each * jobs.length, (index) =>
      send(jobs[index % jobs.length] as JobDocument, first + 1 + Math.floor(index / jobs.length)),
    );
    return {};
  });
}

/** CPU seconds an event, of 5 s in which nothing is sent, once it is warm. */
async function measureClock(): Promise<number> {
  const wait = (count: number) => pace(eventsPerSecond, count, async () => {});
  await wait(eventsPerSecond);
  const before = process.cpuUsage();
  await wait(5 * eventsPerSecond);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / (5 * eventsPerSecond);
}
