import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { announceChange } from "../datasets/dataset-channel.ts";
import type { Publish } from "../infrastructure/channel.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { Storage } from "../infrastructure/storage.ts";
import type { FileRemoval } from "./file-removal.ts";
import type { JobDocument, JobModel } from "./job.model.ts";
import type { JobStore } from "./job-store.ts";
import { announceState, eventTypeOf } from "./job-view.ts";
import type { JobQueue } from "./queue.ts";
import type { Shares } from "./shares.ts";
import type { UploadModel } from "./upload.model.ts";

const intervalMs = 5_000;
/** Longer than the lock of an attempt: by then nobody writes for a run that has ended. */
const settleAfterMs = 15_000;
const uploadIdleMs = 3600_000;

type Deps = {
  jobs: JobModel;
  datasets: DatasetModel;
  uploads: UploadModel;
  store: JobStore;
  queue: JobQueue;
  shares: Shares;
  storage: Storage;
  fileRemoval: FileRemoval;
  publish: Publish;
  logger: Logger;
};

/** Makes good what a crash left half done. Every worker sweeps; doing it twice changes nothing. */
export function createSweeper(deps: Deps) {
  const { jobs, datasets, uploads, store, queue, shares, storage, publish, logger } = deps;
  const removeExpiredFiles = deps.fileRemoval.expired;

  /** Their tickets are issued with those that were lost. */
  async function admitForgotten() {
    for (const userId of await shares.findForgotten()) await shares.admitNext(userId);
  }

  /** A ticket that is there already is left alone; one that Redis has lost is issued again. */
  async function reissueTickets() {
    const admitted = jobs.find({ isAdmitted: true }).lean<JobDocument[]>();
    for await (const job of admitted.cursor()) {
      if (!(await queue.issue(job))) return;
    }
  }

  /** A final event that may be out already has the id of the first: only one is ever sent. */
  async function settleEnded() {
    const finishedAt = { $ne: null, $lt: new Date(Date.now() - settleAfterMs) };
    const ended = jobs.find({ isSettled: false, finishedAt }).lean<JobDocument[]>();
    for await (const job of ended.cursor()) {
      const dataset = await datasets.findById(job.dataset.id).lean<DatasetDocument>();
      if (dataset && !dataset.deletedAt) await announceChange(publish, dataset, false);
      if (!job.isAnnounced) await announceState(publish, job, eventTypeOf(job.state));
      // Only what has come to its end is never tried again.
      if (job.isRepair && job.source && job.state === "completed") {
        await storage.remove(job.source.id);
      }
      await store.settle(job);
    }
  }

  async function removeBrokenUploads() {
    const idle = { activeAt: { $lt: new Date(Date.now() - uploadIdleMs) } };
    for (const upload of await uploads.find(idle).lean()) {
      await storage.remove(upload._id);
      await uploads.deleteOne({ _id: upload._id });
    }
  }

  async function sweep() {
    for (const task of [
      admitForgotten,
      reissueTickets,
      settleEnded,
      removeBrokenUploads,
      removeExpiredFiles,
    ]) {
      await task().catch((err: unknown) => logger.warn({ err, event: "sweep_failed" }));
    }
  }

  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const loop = () => {
    current = sweep().then(() => {
      timer = setTimeout(loop, intervalMs * (0.8 + Math.random() * 0.4));
    });
  };

  return {
    sweep,
    start: loop,
    async stop() {
      await current;
      clearTimeout(timer);
    },
  };
}
