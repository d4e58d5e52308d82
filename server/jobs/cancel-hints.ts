import type { Redis } from "ioredis";

const channelName = (prefix: string) => `${prefix}:cancel`;

/** Tells all workers at once that a job is to be cancelled; the truth is the flag in MongoDB. */
export const createCancelHint = (redis: Redis, prefix: string) => async (jobId: string) => {
  await redis.publish(channelName(prefix), jobId).catch(() => {});
};

/** Hears those hints on a connection of its own. */
export async function hearCancelHints(
  subscriber: Redis,
  prefix: string,
  onCancel: (jobId: string) => void,
): Promise<void> {
  subscriber.on("message", (_channel, jobId) => onCancel(jobId));
  await subscriber.subscribe(channelName(prefix));
}
