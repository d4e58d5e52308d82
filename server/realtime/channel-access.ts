import type { Snapshot } from "../../protocol/channels.ts";
import type { Dataset } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import { datasetChannel } from "../datasets/dataset-channel.ts";
import { toAppError } from "../errors.ts";
import type { ChannelRef } from "../infrastructure/channel.ts";
import { jobChannel, userJobsChannel } from "../jobs/job-channels.ts";

/** What channels need of the rest: who may see what, and how it stands now. */
export type ChannelSources = {
  jobs: {
    get(principal: Principal, jobId: string): Promise<Job>;
    listUnfinished(principal: Principal): Promise<Job[]>;
  };
  datasets: {
    get(principal: Principal, datasetId: string): Promise<Dataset>;
    isDeleted(principal: Principal, datasetId: string): Promise<boolean>;
  };
};

/** The present state; null for a deleted dataset; throws `not_found` for whatever isn't the asker's. */
export type ReadSnapshot = () => Promise<Snapshot>;

/** Where the events of a channel that its clients call `name` travel for this user. */
export function channelRef(principal: Principal, name: string): ChannelRef {
  const { kind, id } = parseName(name);
  if (kind === "job") return jobChannel(id);
  if (kind === "dataset") return datasetChannel(id);
  return userJobsChannel(principal.userId);
}

export function snapshotReader(
  { jobs, datasets }: ChannelSources,
  principal: Principal,
  name: string,
): ReadSnapshot {
  const { kind, id } = parseName(name);
  if (kind === "job") return () => jobs.get(principal, id);
  if (kind === "jobs") return () => jobs.listUnfinished(principal);
  return async () => {
    try {
      return await datasets.get(principal, id);
    } catch (err) {
      const isGone = toAppError(err).code === "not_found";
      if (isGone && (await datasets.isDeleted(principal, id))) return null;
      throw err;
    }
  };
}

function parseName(name: string) {
  const [kind = "", id = ""] = name.split(":");
  return { kind, id };
}
