import type { Followed } from "../../../client/follow.ts";
import type { Job } from "../../../protocol/jobs.ts";
import type { Profile } from "../../../protocol/profiles.ts";
import { createJobWatch } from "../catalog/job-watch.ts";
import { isNewerJob } from "../catalog/merge.ts";
import { describeExportEnd, fileOf } from "../export/words.ts";
import { isFinished } from "../import/progress.ts";
import type { Live } from "../live/live.ts";
import { createStore } from "../store.ts";
import { announce, complain, show } from "../ui/notices.tsx";

/** What is done with datasets that are there: exports by job id, by dataset the newest finished profile. */
export type Work = {
  exports: Readonly<Record<string, Job>>;
  profiled: Readonly<Record<string, string>>;
};

/** Follows the exports and profiles of this user, those begun in other windows too. */
export const createWork = (live: Live) => {
  const store = createStore<Work>({ exports: {}, profiled: {} });
  const controller = new AbortController();
  const { signal } = controller;
  let lookedAt: string | null = null;

  const takeJob = (job: Job) => {
    if (job.kind === "profile" && job.state === "completed")
      store.change((now) => ({
        ...now,
        profiled: { ...now.profiled, [job.dataset.id]: job.id },
      }));
    if (job.kind === "export") takeExport(job);
  };
  const takeExport = (job: Job) => {
    const known = store.read().exports[job.id];
    if (!isNewerJob(known, job)) return;
    store.change((now) => ({ ...now, exports: { ...now.exports, [job.id]: job } }));
    watchExport(job);
    if (known && !isFinished(known) && isFinished(job)) tell(job);
  };
  const tell = (job: Job) => {
    const file = fileOf(job);
    announce(describeExportEnd(job));
    if (lookedAt === job.dataset.id || job.state === "cancelled") return;
    if (file) show(describeExportEnd(job), { href: file.url, name: file.name });
    else complain(describeExportEnd(job));
  };
  const watchExport = createJobWatch(live, signal, takeJob);

  /** The unfinished jobs are told; what ended meanwhile has to be asked for. */
  const startOver = async (unfinished: Job[]) => {
    for (const job of unfinished) takeJob(job);
    const recent = await live.ask("jobs:list", { kind: "export", limit: 50 }).catch(() => null);
    for (const job of recent?.items ?? []) takeJob(job);
  };
  const onItem = (item: Followed) => {
    if (item.kind === "event") takeJob(item.event.data as Job);
    if (item.kind === "snapshot") void startOver(item.snapshot as Job[]);
  };
  live.watch("jobs", signal, onItem);

  return {
    store,
    takeJob,
    /** those that were asked for, by dataset and the job that made them */
    profiles: new Map<string, Profile>(),
    /** As long as someone looks at the exports of a dataset, nothing else has to tell of them. */
    look(datasetId: string) {
      lookedAt = datasetId;
      return () => {
        lookedAt = null;
      };
    },
    close: () => controller.abort(),
  };
};

export type WorkFeed = ReturnType<typeof createWork>;
