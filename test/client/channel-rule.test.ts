import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ChannelState, Followed } from "../../client/channel-rule.ts";
import { advance, startChannel } from "../../client/channel-rule.ts";
import { runs } from "../support/runs.ts";
import { createChannel, eventOf } from "./channel-model.ts";

const run = (state: ChannelState, ...messages: Parameters<typeof advance>[1][]) => {
  const out: Followed[] = [];
  for (const message of messages) {
    const step = advance(state, message);
    state = step.state;
    out.push(...step.out);
  }
  return { state, out };
};

const answer = (seq: number, rest: object = {}) => ({
  kind: "answered" as const,
  answer: { channel: "jobs", epoch: "a", seq, recovered: false, events: [], snapshot: [], ...rest },
});
const event = (seq: number, epoch = "a") => ({
  kind: "event" as const,
  event: eventOf(epoch, seq),
});
const asked = { kind: "asked" as const };
const lost = { kind: "lost" as const };
const seqs = (out: Followed[]) =>
  out.flatMap((item) => (item.kind === "event" ? [item.event.seq] : []));

describe("the rule of a client", () => {
  it("applies early events after the answer and drops those that it covers", () => {
    const { out, state } = run(startChannel(null), asked, event(4), event(5), event(6), answer(5));

    expect(out.map((item) => item.kind)).toEqual(["snapshot", "event"]);
    expect(seqs(out)).toEqual([6]);
    expect(state.position).toEqual({ epoch: "a", seq: 6 });
  });

  it("asks again after a gap and tells how many events it caught up", () => {
    const gap = run(startChannel(null), asked, answer(1), event(3));

    const { out } = run(
      gap.state,
      asked,
      answer(3, { recovered: true, events: [eventOf("a", 2), eventOf("a", 3)] }),
    );

    expect(gap.state.mode).toBe("behind");
    expect(seqs(out)).toEqual([2, 3]);
    expect(out.at(-1)).toEqual({ kind: "recovered", events: 2 });
  });

  it("asks again for a position ahead of what came, even one heard while asking", () => {
    const position = { kind: "position" as const, position: { epoch: "a", seq: 2 } };

    const heardLater = run(startChannel(null), asked, answer(1), position);
    const heardWhileAsking = run(startChannel(null), asked, position, answer(1));

    expect(heardLater.state.mode).toBe("behind");
    expect(heardWhileAsking.state.mode).toBe("behind");
  });

  it("never calls a recovery complete whose events have a hole", () => {
    const before = run(startChannel({ epoch: "a", seq: 1 }), asked).state;

    const { out } = run(before, answer(3, { recovered: true, events: [eventOf("a", 3)] }));

    expect(out).toEqual([{ kind: "snapshot", snapshot: [], epoch: "a", seq: 3, recovered: false }]);
  });

  it("keeps its place when the connection goes away before the answer", () => {
    const { state } = run(startChannel(null), asked, answer(7), lost, asked, event(8), lost);

    expect(state).toMatchObject({ mode: "behind", position: { epoch: "a", seq: 7 }, early: [] });
  });

  it("gives every event once, in order, or says so, whatever the network does", () => {
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.constant("publish" as const) },
      { weight: 6, arbitrary: fc.constant("deliver" as const) },
      { weight: 2, arbitrary: fc.constantFrom("answer", "position", "drop", "repeat" as const) },
      { weight: 1, arbitrary: fc.constantFrom("cut", "epoch", "trim" as const) },
    );
    const story = fc.array(fc.tuple(act, fc.nat(1_000)), { maxLength: 200, size: "max" });

    fc.assert(
      fc.property(story, (steps) => {
        const channel = createChannel();

        for (const [act, choice] of steps) channel.act(act, choice);
        channel.settle();

        expect(channel.isInOrder()).toBe(true);
        expect(channel.isCaughtUp()).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });
});
