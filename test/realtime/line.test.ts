import { describe, expect, it } from "@jest/globals";
import { createLine, createLongLines } from "../../server/realtime/line.ts";

/** Requests that are at work until they are told to end. */
function startRequests(count: number, passLong = createLongLines()) {
  const inLine = createLine(passLong);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, (_, n) =>
    inLine(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  const turn = () => new Promise(setImmediate);
  return {
    begun,
    all,
    turn,
    async endNext(): Promise<void> {
      ends.shift()?.();
      await turn();
    },
  };
}

describe("the requests of a connection", () => {
  it("are worked on four at a time, in their order", async () => {
    const { begun, turn, endNext } = startRequests(8);

    await turn();
    const atOnce = begun.length;
    await endNext();

    expect(atOnce).toBe(4);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it("are worked on one by one while many wait, and all of them in the end", async () => {
    const { begun, all, turn, endNext } = startRequests(60);
    await turn();

    for (let i = 0; i < 4; i += 1) await endNext();
    const whileMany = begun.length;
    while (begun.length < 60) await endNext();
    for (let i = 0; i < 4; i += 1) await endNext();
    await Promise.all(all);

    // The first four were there before anybody waited.
    expect(whileMany).toBe(5);
    expect(begun).toEqual(begun.map((_, n) => n));
  });

  it("take turns with those of other connections while many wait", async () => {
    const passLong = createLongLines();
    const many = Array.from({ length: 6 }, () => startRequests(40, passLong));
    await many[0]?.turn();

    for (let i = 0; i < 4; i += 1) for (const { endNext } of many) await endNext();
    const begun = many.map((one) => one.begun.length);

    // Four of each were there before anybody waited; of all others one at a time.
    expect(begun).toEqual([5, 4, 4, 4, 4, 4]);
  });

  it("go on after one that failed", async () => {
    const inLine = createLine(createLongLines());
    const failing = inLine(() => Promise.reject(new Error("no")));

    await expect(failing).rejects.toThrow("no");
    expect(await inLine(async () => "next")).toBe("next");
  });
});
