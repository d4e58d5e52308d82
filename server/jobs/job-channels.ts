import type { ChannelRef } from "../infrastructure/channel.ts";

export const jobChannel = (jobId: string): ChannelRef => ({
  name: `job:${jobId}`,
  room: `{job:${jobId}}`,
});

/** State changes of all jobs of one user; its clients know it as `jobs`. */
export const userJobsChannel = (userId: string): ChannelRef => ({
  name: "jobs",
  room: `{jobs:${userId}}`,
});
