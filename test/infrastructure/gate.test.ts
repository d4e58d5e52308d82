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
  it("lets so many in, so many wait in order, and sends the rest away at once", async () => {
    const pass = createGate({ most: 2, waiting: 2, retryAfter: 3 });
    const { begun, start, endNext } = createWork();

    const all = [1, 2, 3, 4].map((n) => pass(start(n)));
    const fifth = await pass(start(5)).catch((err: unknown) => err);
    const before = [...begun];
    endNext();
    await all[0];
    const sixth = pass(start(6));
    while (begun.length < 5) {
      endNext();
      await new Promise(setImmediate);
    }
    for (const _ of begun) endNext();

    expect(fifth).toMatchObject({ code: "rate_limited", retryAfter: 3 });
    expect(before).toEqual([1, 2]);
    expect(await Promise.all([...all, sixth])).toEqual([1, 2, 3, 4, 6]);
    expect(begun).toEqual([1, 2, 3, 4, 6]);
  });

  it("goes on after work that failed", async () => {
    const pass = createGate({ most: 1, waiting: 1, retryAfter: 3 });
    const failing = pass(() => Promise.reject(new Error("no")));
    const next = pass(async () => "done");

    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
    expect(await pass(async () => "again")).toBe("again");
  });
});
