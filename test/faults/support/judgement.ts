import type { ChannelEvent } from "../../../protocol/channels.ts";
import { finalStates, type Job, type Progress } from "../../../protocol/jobs.ts";

const counters = [
  "bytesScanned",
  "bytesRead",
  "rowsRead",
  "rowsImported",
  "rowsRejected",
  "percent",
] as const satisfies (keyof Progress)[];

/** The job that an event of a job's channel carries. */
export const jobOf = ({ data }: ChannelEvent): Job => data as Job;

export const isFinal = (event: ChannelEvent): boolean =>
  event.type.startsWith("job.") && finalStates.includes(jobOf(event).state);

export const hasRows = (event: ChannelEvent): boolean =>
  event.type === "job.progress" && jobOf(event).progress.rowsImported > 0;

const placeOf = ({ epoch, seq }: ChannelEvent) => `${epoch}:${seq}`;

/** The events, by their places, that don't come right after the one before. */
export const findBreaks = (events: ChannelEvent[]): string[] =>
  events
    .filter((event, i) => {
      const last = events[i - 1];
      return last && (event.epoch !== last.epoch || event.seq !== last.seq + 1);
    })
    .map(placeOf);

/** Every counter that went back from one event to the next. */
export const findSetbacks = (events: ChannelEvent[]): string[] =>
  events.flatMap((event, i) => {
    const last = events[i - 1];
    return last ? findLower(jobOf(event).progress, jobOf(last).progress) : [];
  });

/** The counters that are lower in `one` than in `other`. */
export const findLower = (one: Progress, other: Progress): string[] =>
  counters
    .filter((counter) => one[counter] < other[counter])
    .map((counter) => `${counter}: ${one[counter]} < ${other[counter]}`);

/** The most events whose `at` lie within any one second. */
export function mostInOneSecond(events: ChannelEvent[]): number {
  const times = events.map(({ at }) => Date.parse(at));
  return Math.max(
    0,
    ...times.map((begin) => times.filter((time) => time >= begin && time < begin + 1000).length),
  );
}
