import { isDeepStrictEqual } from "node:util";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { type JobModel, judgeEndOfRun } from "./job-model.ts";
import { findSetbacks, isFinal, jobOf } from "./judgement.ts";
import { type Findings, noFindings } from "./trial.ts";

/** All runs of a job as one watcher saw them, against what the answers to its owner let expect. */
export function judgeRuns(events: readonly ChannelEvent[], model: JobModel, stored: Job): Findings {
  const found = noFindings();
  for (const [i, run] of model.runs.entries()) {
    const ofRun = events.filter((event) => jobOf(event).run === i + 1);
    const finals = ofRun.filter(isFinal);
    const [end] = finals;
    if (!end) found.lost.push(`the final event of run ${i + 1}`);
    else found.wrong.push(...judgeEndOfRun(run, model.rows, jobOf(end).state));
    if (finals.length > 1) found.doubled.push(`${finals.length} final events of run ${i + 1}`);
    const last = ofRun.at(-1);
    if (last && !isFinal(last))
      found.wrong.push(`${last.type} comes after the end of run ${i + 1}`);
  }
  const unknown = events.find((event) => jobOf(event).run > model.runs.length);
  if (unknown) found.wrong.push(`run ${jobOf(unknown).run} that nobody asked for`);
  const isMixed = events.some((event, i) => {
    const last = events[i - 1];
    return last && jobOf(event).run < jobOf(last).run;
  });
  if (isMixed) found.wrong.push("an event of an earlier run comes after one of a later");
  found.wrong.push(...findSetbacks([...events]).map((words) => `went back: ${words}`));
  if (stored.run !== model.runs.length) found.wrong.push(`run ${stored.run} is stored`);
  const last = events.at(-1);
  if (last && !isDeepStrictEqual(last.data, stored)) {
    found.wrong.push("the last event isn't the stored job");
  }
  return found;
}
