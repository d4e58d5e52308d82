import type { Job } from "../../../protocol/jobs.ts";
import { isFinished } from "../import/progress.ts";
import type { Live } from "../live/live.ts";

/** A connection may follow 200 channels; more bars than this nobody watches. */
const most = 50;

/** Follows the channel of every unfinished job that it is given up to its last event, so that all bars move. */
export const createJobWatch = (live: Live, signal: AbortSignal, onJob: (job: Job) => void) => {
  const watched = new Set<string>();

  return (started: Job) => {
    const { id } = started;
    if (isFinished(started) || watched.has(id) || watched.size >= most) return;
    watched.add(id);
    const controller = new AbortController();
    const take = (job: Job) => {
      onJob(job);
      if (!isFinished(job)) return;
      controller.abort();
      watched.delete(id);
    };
    live.watch(
      `job:${id}`,
      AbortSignal.any([signal, controller.signal]),
      (item) => {
        if (item.kind === "snapshot") take(item.snapshot as Job);
        if (item.kind === "event") take(item.event.data as Job);
      },
      () => watched.delete(id),
    );
  };
};
