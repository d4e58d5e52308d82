import { channelKeys } from "../../../server/infrastructure/channel-keys.ts";
import { jobChannel } from "../../../server/jobs/job-channels.ts";
import type { World } from "./world.ts";

/** Takes away all that a job's channel has kept, as its expiry does. */
export async function expireChannel(world: World, jobId: string): Promise<void> {
  const { redis, settings } = world.own();
  const { REDIS_PREFIX = "" } = settings as Record<string, string>;
  await redis.unlink(channelKeys(REDIS_PREFIX, jobChannel(jobId)));
}
