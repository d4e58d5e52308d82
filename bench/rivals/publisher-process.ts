import { type Job, Queue } from "bullmq";
import { Redis } from "ioredis";
import { toJob } from "../../server/jobs/job-view.ts";
import { channels, progressed, runningJobs, servePublisher } from "../progress.ts";

/** Publishes progress as BullMQ's manual has it: each job is one of a queue, `updateProgress` tells it. */
const { REDIS_URL = "", REDIS_PREFIX = "" } = process.env;
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue("imports", { connection, prefix: REDIS_PREFIX });

const jobs = runningJobs("somebody", channels);
const queued = new Map<string, Job>();
for (const { _id } of jobs) queued.set(_id, await queue.add("import", {}, { jobId: _id }));

await servePublisher(jobs, async (job, event) =>
  queued.get(job._id)?.updateProgress(toJob(progressed(job, event))),
);
