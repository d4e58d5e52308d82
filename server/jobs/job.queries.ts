import type { Job, JobKind, JobState } from "../../protocol/jobs.ts";
import { finalStates } from "../../protocol/jobs.ts";
import { countAtMost, longestQueryMs } from "../datasets/count-at-most.ts";
import { beyond } from "../datasets/dataset.queries.ts";
import type { Keyset } from "../infrastructure/keyset.ts";
import { cutStretch } from "../infrastructure/stretch.ts";
import type { JobDocument, JobModel } from "./job.model.ts";

export const unfinishedStates: JobState[] = ["queued", "running"];

/**
 * A profile is made after each import, without its owner's asking: it has a queue of its own, and neither
 * the quota nor the shares of its owner count it.
 */
export const isUnasked = (kind: JobKind): boolean => kind === "profile";
export const askedFor = { kind: { $ne: "profile" } } as const;

type Filter = { state?: JobState | undefined; kind?: JobKind | undefined };

export function createJobQueries(jobs: JobModel) {
  const conditions = (userId: string, { state, kind }: Filter) => ({
    userId,
    ...(state && { state }),
    ...(kind && { kind }),
  });

  /** Jobs of a user, newest first. */
  const ofUser = (userId: string, filter: Filter): Keyset<JobDocument> => ({
    scope: `${userId}\0jobs\0${filter.state ?? ""}\0${filter.kind ?? ""}`,
    fetch: async (from, isForward, most) => {
      const found = await jobs
        .find({ ...conditions(userId, filter), ...beyond(from, isForward) })
        .sort(isForward ? { createdAt: -1, _id: -1 } : { createdAt: 1, _id: 1 })
        .limit(most + 1)
        .maxTimeMS(longestQueryMs)
        .lean<JobDocument[]>();
      return cutStretch(found, most);
    },
    positionOf: (doc) => [doc.createdAt.getTime(), doc._id],
  });

  const countOfUser = (userId: string, filter: Filter) =>
    countAtMost((most, ms) =>
      jobs.countDocuments(conditions(userId, filter)).limit(most).maxTimeMS(ms),
    );

  const findUnfinished = (userId: string): Promise<JobDocument[]> =>
    jobs
      .find({ userId, state: { $in: unfinishedStates } })
      .sort({ createdAt: -1, _id: -1 })
      .limit(100)
      .lean<JobDocument[]>();

  return { ofUser, countOfUser, findUnfinished };
}

/** Whether a job made its dataset; what becomes of the one becomes of the other. */
export const isFirstImport = ({ kind, isRepair }: JobDocument): boolean =>
  kind === "import" && !isRepair;

export const isFinal = (job: Pick<Job, "state">): boolean => finalStates.includes(job.state);
