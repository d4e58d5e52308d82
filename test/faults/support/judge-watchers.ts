import { isDeepStrictEqual } from "node:util";
import type { Followed } from "../../../client/channel-rule.ts";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { findSetbacks, isFinal } from "./judgement.ts";
import { type Findings, noFindings } from "./trial.ts";
import type { Watcher } from "./watcher.ts";

const placeOf = ({ epoch, seq }: { epoch: string; seq: number }) => `${epoch}:${seq}`;

/** What a watcher was told, as it came: gaps and repeats that no snapshot owned up to. */
export function judgeOrder(seen: readonly Followed[], name = "a watcher"): Findings {
  const found = noFindings();
  let last: { epoch: string; seq: number } | null = null;
  for (const item of seen) {
    if (item.kind === "recovered") continue;
    const place = item.kind === "event" ? item.event : item;
    const isNext = last !== null && place.epoch === last.epoch && place.seq === last.seq + 1;
    if (item.kind === "event" && !isNext) {
      const isBehind = last !== null && place.epoch === last.epoch && place.seq <= last.seq;
      const words = `${name}: ${placeOf(place)} after ${last ? placeOf(last) : "nothing"}`;
      (isBehind ? found.doubled : found.gaps).push(words);
    }
    last = place;
  }
  return found;
}

/** The watchers of one channel: what any two of them saw at one place must be the same. */
export function judgeAgreement(watchers: readonly Watcher[]): Findings {
  const found = noFindings();
  const known = new Map<string, ChannelEvent>();
  for (const event of watchers.flatMap(({ events }) => events())) {
    const place = placeOf(event);
    const other = known.get(place);
    if (!other) known.set(place, event);
    else if (!isDeepStrictEqual(other, event)) found.wrong.push(`two stories at ${place}`);
  }
  return found;
}

/** The events of one run of a job as one watcher saw it from beginning to end. */
export function judgeRun(events: readonly ChannelEvent[], stored: Job): Findings {
  const found = noFindings();
  const finals = events.filter(isFinal);
  if (finals.length === 0) found.lost.push("the final event");
  if (finals.length > 1) found.doubled.push(`${finals.length} final events`);
  const last = events.at(-1);
  if (last && !isFinal(last)) found.wrong.push(`${last.type} comes after the end`);
  found.wrong.push(...findSetbacks([...events]).map((words) => `went back: ${words}`));
  if (last && !isDeepStrictEqual(last.data, stored)) {
    found.wrong.push("the last event isn't the stored job");
  }
  return found;
}

/** Snapshots after the first: each says that events may have been missed. */
export const countSnapshots = (seen: readonly Followed[]): number =>
  seen.filter(({ kind }) => kind === "snapshot").length - 1;
