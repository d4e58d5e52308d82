import { describe, expect, it } from "@jest/globals";
import { coalesce } from "../../server/infrastructure/coalesce.ts";

/** A store whose reads end when the test says so. */
function createSlowStore() {
  const reads: { value: number; end: () => void }[] = [];
  let value = 0;
  return {
    reads,
    write: (next: number) => {
      value = next;
    },
    read: () => {
      const seen = value;
      return new Promise<number>((resolve) => {
        reads.push({ value: seen, end: () => resolve(seen) });
      });
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("coalescing equal reads", () => {
  it("answers any number of simultaneous reads with two", async () => {
    const store = createSlowStore();
    const read = coalesce(store.read);

    const answers = Promise.all(Array.from({ length: 1000 }, () => read("a")));
    store.reads[0]?.end();
    await turn();
    store.reads[1]?.end();

    expect(await answers).toHaveLength(1000);
    expect(store.reads).toHaveLength(2);
  });

  it("never answers with a state from before the question", async () => {
    const store = createSlowStore();
    const read = coalesce(store.read);
    store.write(1);
    const early = read("a");
    store.write(2);

    const late = read("a");
    store.reads[0]?.end();
    await turn();
    store.reads[1]?.end();

    expect([await early, await late]).toEqual([1, 2]);
  });

  it("reads again after a failure", async () => {
    let tries = 0;
    const read = coalesce(async () => {
      tries += 1;
      if (tries === 1) throw new Error("away");
      return tries;
    });

    const first = read("a");
    const second = read("a");

    await expect(first).rejects.toThrow("away");
    expect(await second).toBe(2);
  });
});
