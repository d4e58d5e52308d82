import type { ChannelMessage, Followed } from "../../client/channel-rule.ts";
import { advance, startChannel } from "../../client/channel-rule.ts";
import type { ChannelEvent, Position, Subscription } from "../../protocol/channels.ts";

export type Act =
  | "publish"
  | "deliver"
  | "answer"
  | "position"
  | "drop"
  | "repeat"
  | "cut"
  | "epoch"
  | "trim";

export const eventOf = (epoch: string, seq: number) => ({ epoch, seq }) as ChannelEvent;

/** A server's log and a network that loses, repeats and reorders, with one follower behind it. */
export const createChannel = () => {
  let log = { epoch: "0", seq: 0, oldest: 1 };
  let epochs = 0;
  let state = startChannel(null);
  let flying: ChannelMessage[] = [];
  let question: { after: Position | null } | null = null;
  const seen: Followed[] = [];

  const take = (message: ChannelMessage) => {
    const step = advance(state, message);
    state = step.state;
    seen.push(...step.out);
    if (state.mode !== "behind") return;
    question = { after: state.position };
    state = advance(state, { kind: "asked" }).state;
  };
  const answer = () => {
    if (!question) return;
    const message: ChannelMessage = { kind: "answered", answer: recover(log, question.after) };
    question = null;
    take(message);
  };
  const pick = (choice: number) => (flying.length === 0 ? -1 : choice % flying.length);
  const deliver = (choice: number, isKept: boolean) => {
    const message = isKept ? flying[pick(choice)] : flying.splice(pick(choice), 1)[0];
    if (message) take(message);
  };
  const position = (): ChannelMessage => ({ kind: "position", position: log });

  const acts: Record<Act, (choice: number) => void> = {
    publish: () => {
      log = { ...log, seq: log.seq + 1 };
      flying.push({ kind: "event", event: eventOf(log.epoch, log.seq) });
    },
    deliver: (choice) => deliver(choice, false),
    repeat: (choice) => deliver(choice, true),
    drop: (choice) => flying.splice(pick(choice), 1),
    answer,
    position: () => flying.push(position()),
    cut: () => {
      flying = [];
      take({ kind: "lost" });
    },
    epoch: () => {
      log = { epoch: String(++epochs), seq: 0, oldest: 1 };
    },
    trim: (choice) => {
      log = { ...log, oldest: Math.max(log.oldest, log.seq - (choice % 3)) };
    },
  };

  take({ kind: "lost" });
  return {
    act: (act: Act, choice: number) => acts[act](choice),
    /** Loses what is still on the way; only the positions that a node sends later may mend it. */
    settle() {
      answer();
      flying = [];
      take(position());
      for (let round = 0; question && round < 10; round++) answer();
    },
    isInOrder: () => isInOrder(seen),
    isCaughtUp: () => state.position?.epoch === log.epoch && state.position.seq === log.seq,
  };
};

const recover = (
  log: { epoch: string; seq: number; oldest: number },
  after: Position | null,
): Subscription => {
  const { epoch, seq } = log;
  const missing = after && after.epoch === epoch ? seq - after.seq : -1;
  const recovered = after !== null && missing >= 0 && after.seq + 1 >= log.oldest;
  const first = recovered ? after.seq + 1 : seq + 1;
  const events = Array.from({ length: seq - first + 1 }, (_, i) => eventOf(epoch, first + i));
  return { channel: "jobs", epoch, seq, recovered, events, snapshot: [] };
};

/** Each event follows the last one by exactly 1; only a told loss may jump. */
const isInOrder = (seen: Followed[]) => {
  let at: Position | null = null;
  for (const item of seen) {
    if (item.kind === "snapshot") {
      if (item.recovered !== (at === null)) return false;
      at = item;
    }
    if (item.kind !== "event") continue;
    if (at === null || item.event.epoch !== at.epoch || item.event.seq !== at.seq + 1) return false;
    at = item.event;
  }
  return true;
};
