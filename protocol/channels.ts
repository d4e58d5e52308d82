import { z } from "zod";
import type { Dataset } from "./datasets.ts";
import type { Job } from "./jobs.ts";

/** `jobs`, `job:<id>` or `dataset:<id>`. */
export const channelName = z
  .string()
  .regex(/^(jobs|(job|dataset):[A-Za-z0-9_-]{22})$/, "is not a channel");

export const position = z.strictObject({
  epoch: z.string().min(1).max(64),
  seq: z.number().int().min(0),
});
export type Position = z.infer<typeof position>;

export const subscribeRequest = z.strictObject({
  channel: channelName,
  after: position.optional(),
});
export const unsubscribeRequest = z.strictObject({ channel: channelName });

type Envelope<Type extends string, Data> = {
  channel: string;
  epoch: string;
  /** grows by exactly 1 within an epoch */
  seq: number;
  type: Type;
  at: string;
  data: Data;
};

export const jobEventTypes = [
  "job.queued",
  "job.started",
  "job.progress",
  "job.retrying",
  "job.completed",
  "job.failed",
  "job.cancelled",
] as const;
export type JobEventType = (typeof jobEventTypes)[number];

/** `columns` only when they changed. */
export type DatasetChange = Omit<Dataset, "columns"> & Partial<Pick<Dataset, "columns">>;

export type JobEvent = Envelope<JobEventType, Job>;
export type DatasetChanged = Envelope<"dataset.changed", DatasetChange>;
export type DatasetDeleted = Envelope<"dataset.deleted", Dataset>;
export type ChannelEvent = JobEvent | DatasetChanged | DatasetDeleted;

export type Snapshot = Job | Dataset | Job[] | null;

export type Subscription = {
  channel: string;
  epoch: string;
  seq: number;
  recovered: boolean;
  events: ChannelEvent[];
  snapshot: Snapshot;
};

export type ChannelPositions = { positions: ({ channel: string } & Position)[] };
