import { pino } from "pino";
import { createPublisher } from "../server/infrastructure/channel-publisher.ts";
import { connectForRequests } from "../server/infrastructure/redis.ts";
import { announceProgress } from "../server/jobs/job-view.ts";
import { channels, progressed, runningJobs, servePublisher } from "./progress.ts";

/** Publishes progress as a worker does, without working. */
const { REDIS_URL = "", REDIS_PREFIX = "", OWNER = "" } = process.env;
const redis = connectForRequests(REDIS_URL, pino());
const publish = createPublisher({ redis, prefix: REDIS_PREFIX });

await servePublisher(runningJobs(OWNER, channels), (job, event) =>
  announceProgress(publish, progressed(job, event), event),
);
