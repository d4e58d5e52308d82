import type { Progress } from "../../protocol/jobs.ts";
import type { Profile } from "../../protocol/profiles.ts";
import type { DatasetDocument } from "../datasets/dataset.model.ts";
import { announceChange } from "../datasets/dataset-channel.ts";
import type { Plan } from "../datasets/parsing/seam.ts";
import type { RepairBatch } from "../datasets/repairing/seam.ts";
import type { RowsIds } from "../datasets/rows.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { insist } from "../infrastructure/insist.ts";
import type { Checkpoint, ExportCheckpoint, JobDocument } from "./job.model.ts";
import type { JobStore } from "./job-store.ts";
import { announceProgress } from "./job-view.ts";
import { advance } from "./progress.ts";

/** At most 4 progress events a second; what is left out the event of the next state carries. */
const progressIntervalMs = 250;
/** At most 2 `dataset.changed` in any second: one here, one with the final state. */
const changeIntervalMs = 1000;

type Deps = {
  job: JobDocument;
  store: JobStore;
  publish: Publish;
  stop: AbortController;
};

/** One attempt at a job: each step is written to MongoDB first and told to the channels after. */
export function createAttempt({ job: claimed, store, publish, stop }: Deps) {
  let job = claimed;
  let count = 0;
  let lastProgressAt = Date.now();
  let lastChangeAt = Date.now();

  /** A cancel that anybody asked for shows in every answer of MongoDB. */
  function adopt(saved: JobDocument) {
    job = saved;
    if (job.cancel) stop.abort("cancel");
  }

  async function tellProgress() {
    const now = Date.now();
    if (now - lastProgressAt < progressIntervalMs) return;
    lastProgressAt = now;
    count += 1;
    await announceProgress(publish, job, count);
  }

  async function tellChange(dataset: DatasetDocument, withColumns: boolean) {
    const now = Date.now();
    if (dataset.deletedAt) return;
    if (!withColumns && now - lastChangeAt < changeIntervalMs) return;
    lastChangeAt = now;
    await announceChange(publish, dataset, withColumns);
  }

  return {
    signal: stop.signal,
    job: () => job,

    async saveProgress(progress: Partial<Progress>) {
      const next = advance(job.progress, progress);
      adopt(await insist(() => store.save(job, { progress: next }), stop.signal));
      await tellProgress();
    },

    /** Of an export: its rows are in the file up to here. */
    async saveExported(exported: ExportCheckpoint, progress: Partial<Progress>) {
      const next = advance(job.progress, { ...progress, rowsWritten: exported.rows });
      const hasMoved = exported.bytes > (job.exported?.bytes ?? 0);
      const set = { exported, progress: next, ...(hasMoved && { idleAttempts: 0 }) };
      adopt(await insist(() => store.save(job, set), stop.signal));
      await tellProgress();
    },

    async savePlan(plan: Plan, rowsIds: RowsIds, progress: Partial<Progress>) {
      const next = advance(job.progress, progress);
      const saved = await insist(() => store.savePlan(job, plan, rowsIds, next), stop.signal);
      adopt(saved.job);
      await tellChange(saved.dataset, true);
    },

    /** False where the dataset is deleted. */
    async saveProfile(profile: Profile, progress: Partial<Progress>): Promise<boolean> {
      const next = advance(job.progress, progress);
      const saved = await insist(() => store.saveProfile(job, profile, next), stop.signal);
      adopt(saved.job);
      return saved.isKept;
    },

    async saveCheckpoint(checkpoint: Checkpoint, progress: Partial<Progress>) {
      const next = advance(job.progress, {
        ...progress,
        rowsRead: checkpoint.imported + checkpoint.rejected,
        rowsImported: checkpoint.imported,
        rowsRejected: checkpoint.rejected,
      });
      const saved = await insist(() => store.saveCheckpoint(job, checkpoint, next), stop.signal);
      adopt(saved.job);
      await tellProgress();
      await tellChange(saved.dataset, false);
    },

    async saveRepair(batch: RepairBatch, progress: Partial<Progress>) {
      const saved = await insist(() => store.saveRepair(job, batch, progress), stop.signal);
      adopt(saved.job);
      await tellProgress();
      if (saved.isChanged) await tellChange(saved.dataset, false);
    },
  };
}

export type Attempt = ReturnType<typeof createAttempt>;
