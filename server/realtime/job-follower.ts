import type { JobEvent, JobEventType } from "../../protocol/channels.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { ChannelLog, LogPosition } from "../infrastructure/channel-log.ts";
import { isFinal } from "../jobs/job.queries.ts";
import { jobChannel } from "../jobs/job-channels.ts";

/** A job as of an event of its channel; as a `snapshot`, as of that position or later. */
export type Told = { at: LogPosition; type: JobEventType | "snapshot"; job: Job };

/** Where the events of a job go. */
export type Sink = {
  tell(told: Told): void;
  /** Ends it once everything that was told is read, after 5 s at most; `why` is for people. */
  end(why?: string): void;
  /** Ends it at once. */
  cut(): void;
  onClose(listener: () => void): void;
};

type Deps = { log: ChannelLog; readJob: () => Promise<Job>; sink: Sink };

/**
 * Tells a sink what the log of a job holds after a position, in order; a snapshot where the log doesn't
 * reach back that far. Whoever calls `readOn` only says that there may be something: what it is, the log
 * knows, so that nothing is missed or told twice however messages are lost, late or doubled.
 */
export function createJobFollower(
  jobId: string,
  after: LogPosition | undefined,
  { log, readJob, sink }: Deps,
) {
  const channel = jobChannel(jobId);
  let at = after;
  let isOver = false;

  /** The newest event decides: after a final one a retry may have begun another run. */
  function tell(news: Told[]): void {
    for (const told of news) sink.tell(told);
    const last = news.at(-1);
    if (!last) return;
    at = last.at;
    if (!isFinal(last.job)) return;
    isOver = true;
    sink.end();
  }

  return {
    async readOn(): Promise<void> {
      if (isOver) return;
      const { epoch, seq, recovered, events } = await log.read(channel, at);
      if (recovered) tell(events.map(parseEvent));
      else tell([{ at: { epoch, seq }, type: "snapshot", job: await readJob() }]);
    },

    /** Whether nothing is left to tell, as the event before this position was the job's final one. */
    async hasNothingToTell(): Promise<boolean> {
      if (!after || at !== after || !isFinal(await readJob())) return false;
      const { events } = await log.read(channel, { epoch: after.epoch, seq: after.seq - 1 });
      // A log that has gone by now has told the end long ago.
      return events
        .map(parseEvent)
        .every(({ at: { seq }, job }) => seq === after.seq && isFinal(job));
    },
  };
}

/** Texts of the log were written by the publisher as events. */
function parseEvent(text: string): Told {
  const { epoch, seq, type, data }: JobEvent = JSON.parse(text);
  return { at: { epoch, seq }, type, job: data };
}
