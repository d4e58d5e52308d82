import type { ChannelEvent, Position, Snapshot, Subscription } from "../protocol/channels.ts";

/** What a follower of a channel is given, in the order of the channel. */
export type Followed =
  /** `recovered` false: events may have been missed; go on from this state */
  | ({ kind: "snapshot"; snapshot: Snapshot; recovered: boolean } & Position)
  | { kind: "event"; event: ChannelEvent }
  /** caught up after a gap or a reconnect, by this many events */
  | { kind: "recovered"; events: number };

/** `behind`: a subscription has to be asked for; `asking`: its answer is on the way. */
export type ChannelState = {
  mode: "behind" | "asking" | "current";
  /** of the last event applied; null before the first answer */
  position: Position | null;
  early: ChannelEvent[];
  /** the newest position heard while asking */
  heard: Position | null;
};

export type ChannelMessage =
  | { kind: "asked" }
  | { kind: "answered"; answer: Subscription }
  | { kind: "event"; event: ChannelEvent }
  | { kind: "position"; position: Position }
  /** the connection went away, or the question failed */
  | { kind: "lost" };

export type Step = { state: ChannelState; out: Followed[] };

export const startChannel = (after: Position | null): ChannelState => behind(after);

/** The rule of a client (PROTOCOL.md, section 6) as a pure function: no I/O, no clock. */
export const advance = (state: ChannelState, message: ChannelMessage): Step => {
  switch (message.kind) {
    case "lost":
      return { state: behind(state.position), out: [] };
    case "asked":
      return { state: { ...behind(state.position), mode: "asking" }, out: [] };
    case "answered":
      return state.mode === "asking" ? takeAnswer(state, message.answer) : { state, out: [] };
    case "position":
      return { state: hearPosition(state, message.position), out: [] };
    case "event":
      return takeEvent(state, message.event);
  }
};

const behind = (position: Position | null): ChannelState => ({
  mode: "behind",
  position,
  early: [],
  heard: null,
});

const takeEvent = (state: ChannelState, event: ChannelEvent): Step => {
  if (state.mode === "asking")
    return { state: { ...state, early: [...state.early, event] }, out: [] };
  // The question that is still to be asked will cover this event: it is in the log already.
  if (state.mode === "behind" || state.position === null) return { state, out: [] };
  const { epoch, seq } = state.position;
  if (event.epoch === epoch && event.seq <= seq) return { state, out: [] };
  if (event.epoch !== epoch || event.seq !== seq + 1)
    return { state: behind(state.position), out: [] };
  return {
    state: { ...state, position: { epoch, seq: event.seq } },
    out: [{ kind: "event", event }],
  };
};

const hearPosition = (state: ChannelState, heard: Position): ChannelState => {
  if (state.mode === "asking") return { ...state, heard };
  const isAhead = state.mode === "current" && state.position && isBeyond(heard, state.position);
  return isAhead ? behind(state.position) : state;
};

const isBeyond = (heard: Position, at: Position) => heard.epoch !== at.epoch || heard.seq > at.seq;

const takeAnswer = (asking: ChannelState, answer: Subscription): Step => {
  const { epoch, seq } = answer;
  const out = goOn(asking.position, answer);
  let state: ChannelState = { mode: "current", position: { epoch, seq }, early: [], heard: null };
  for (const event of asking.early) {
    const step = takeEvent(state, event);
    state = step.state;
    out.push(...step.out);
  }
  if (asking.heard !== null) state = hearPosition(state, asking.heard);
  return { state, out };
};

/** Trusts `recovered` only if the events lead from our position to the answer's without a gap. */
const goOn = (from: Position | null, answer: Subscription): Followed[] => {
  const { epoch, seq, snapshot } = answer;
  if (from === null) return [{ kind: "snapshot", snapshot, epoch, seq, recovered: true }];
  const isWhole =
    answer.recovered &&
    epoch === from.epoch &&
    from.seq + answer.events.length === seq &&
    answer.events.every((event, i) => event.epoch === epoch && event.seq === from.seq + i + 1);
  if (!isWhole) return [{ kind: "snapshot", snapshot, epoch, seq, recovered: false }];
  const events = answer.events.map((event): Followed => ({ kind: "event", event }));
  return [...events, { kind: "recovered", events: events.length }];
};
