import { describe, expect, it } from "@jest/globals";
import { createGate } from "../../server/infrastructure/gate.ts";

/** Work that goes on until it is told to end. */
function createWork() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const start = (n: number) => () => {
    begun.push(n);
    return new Promise<number>((resolve) => ends.push(() => resolve(n)));
  };
  return { begun, start, endNext: () => ends.shift()?.() };
}

describe("a gate", () => {
  it("lets so many work at once, and the others one after another", async () => {
    const { pass } = createGate({ most: 2, waiting: 2, retryAfter: 3 });
    const { begun, start, endNext } = createWork();

    const all = [1, 2, 3, 4].map((n) => pass(start(n)));
    const before = [...begun];
    for (const one of all) {
      endNext();
      await one;
      await new Promise(setImmediate);
    }

    expect(before).toEqual([1, 2]);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it("has places for those at work and those who wait, and sends the rest away at once", () => {
    const { enter } = createGate({ most: 2, waiting: 1, retryAfter: 3 });

    const [leave] = [enter(), enter(), enter()];

    expect(enter).toThrow(expect.objectContaining({ code: "rate_limited", retryAfter: 3 }));
    leave?.();
    leave?.();
    enter();
    expect(enter).toThrow();
  });

  it("goes on after work that failed", async () => {
    const { pass } = createGate({ most: 1, waiting: 1, retryAfter: 3 });
    const failing = pass(() => Promise.reject(new Error("no")));
    const next = pass(async () => "done");

    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
    expect(await pass(async () => "again")).toBe("again");
  });
});
