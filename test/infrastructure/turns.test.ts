import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { createTurns } from "../../server/infrastructure/turns.ts";

const hangs = () => new Promise<never>(() => {});

describe("turns", () => {
  it("go in the order of the calls, one at a time, also after a failure", async () => {
    const takeTurn = createTurns();
    const events: string[] = [];
    const step = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
      if (name === "one") throw new Error("no");
    };

    await Promise.allSettled(["one", "two", "three"].map((name) => takeTurn("ann", step(name))));

    const ordered = ["one", "two", "three"].flatMap((name) => [`${name} begins`, `${name} ends`]);
    expect(events).toEqual(ordered);
  });

  it("of another key don't wait", async () => {
    const takeTurn = createTurns();
    void takeTurn("ann", hangs);

    expect(await takeTurn("bob", async () => "done")).toBe("done");
  });

  it("don't wait for ever for one that hangs, nor one after the other", async () => {
    const takeTurn = createTurns();
    const begun = new EventTarget();
    void takeTurn("ann", hangs);
    void takeTurn("ann", hangs);
    void takeTurn("ann", () => {
      begun.dispatchEvent(new Event("third"));
      return hangs();
    });

    await once(begun, "third", { signal: AbortSignal.timeout(1900) });
  });
});
