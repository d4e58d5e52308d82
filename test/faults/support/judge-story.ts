import { isDeepStrictEqual } from "node:util";
import type { Followed } from "../../../client/channel-rule.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { judgeOrder } from "./judge-watchers.ts";
import { findLower, jobOf } from "./judgement.ts";
import type { Ledger, Reach } from "./ledger.ts";
import { type Findings, join, noFindings } from "./trial.ts";

/** An answer to a client that came back: from where it asked, where the channel stood, what it was told. */
type Answer = { from: number; to: number; isRecovered: boolean };

/** How far a client has come. */
export function placeAfter(items: readonly Followed[]): number {
  const last = items.findLast(({ kind }) => kind !== "recovered");
  if (!last || last.kind === "recovered") return 0;
  return last.kind === "event" ? last.event.seq : last.seq;
}

function findAnswers(items: readonly Followed[]): Answer[] {
  const answers: Answer[] = [];
  let at: number | null = null;
  for (const item of items) {
    if (item.kind === "event") at = item.event.seq;
    else if (at === null) at = item.kind === "snapshot" ? item.seq : null;
    else if (item.kind === "recovered") {
      answers.push({ from: at - item.events, to: at, isRecovered: true });
    } else {
      answers.push({ from: at, to: item.seq, isRecovered: false });
      at = item.seq;
    }
  }
  return answers;
}

/** How many answers there were of each kind, those that had nothing to tell apart. */
export function countReaches(items: readonly Followed[], ledger: Ledger): Record<Reach, number> {
  const counts: Record<Reach, number> = { within: 0, "too many": 0, "too big": 0, trimmed: 0 };
  for (const { from, to } of findAnswers(items)) if (to > from) counts[ledger.reach(from, to)] += 1;
  return counts;
}

/** What a client was told, against what Redis really sent: holes, repeats, false news and false promises. */
export function judgeStory(items: readonly Followed[], ledger: Ledger, name: string): Findings {
  const found = noFindings();
  for (const { from, to, isRecovered } of findAnswers(items)) {
    const reach = ledger.reach(from, to);
    if (ledger.isUnsure(to) || isRecovered === (reach === "within")) continue;
    const told = isRecovered ? "recovered" : "not recovered";
    found.wrong.push(`${name}: ${told} from ${from} to ${to}, which is ${reach}`);
  }
  const isSilent = (item: Followed) => item.kind === "snapshot" && item.recovered;
  const silent = items.slice(1).filter(isSilent).length;
  if (silent > 0) found.lost.push(`${name} began anew ${silent} times without being told`);
  for (const item of items) {
    if (item.kind === "event") {
      const sent = ledger.event(item.event.seq);
      if (sent && isDeepStrictEqual(sent, item.event)) continue;
      found.wrong.push(`${name}: another story at ${item.event.seq}`);
    } else if (item.kind === "snapshot") {
      const lower = findOlder(item.snapshot as Job, item.seq, ledger);
      found.wrong.push(
        ...lower.map((words) => `${name}: an old snapshot at ${item.seq}: ${words}`),
      );
    }
  }
  return join(found, judgeOrder(items, name));
}

/** In what a snapshot is behind the events that it stands for. */
function findOlder({ progress }: Job, seq: number, ledger: Ledger): string[] {
  for (let at = seq; at > 0; at -= 1) {
    const event = ledger.event(at);
    if (event && "progress" in event.data) return findLower(progress, jobOf(event).progress);
  }
  return [];
}
