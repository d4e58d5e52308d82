import { describe, expect, it } from "@jest/globals";
import type { Batch } from "../../server/datasets/parsing/seam.ts";
import { createWriter } from "../../server/jobs/import-thread/writer.ts";
import type { Checkpoint } from "../../server/jobs/job.model.ts";

const done: Checkpoint = { place: { offset: 0, row: 0, line: 1 }, imported: 0, rejected: 0 };

const batch = (row: number): Batch => ({
  // Stands for the BSON of one record.
  records: Uint8Array.of(row),
  count: 1,
  rejects: [],
  end: { offset: row * 10, row, line: row + 1 },
  release: () => {},
});

/** A store that acknowledges batches when, and in the order, the test says. */
function createStore() {
  const open = new Map<number, { resolve: () => void; reject: (err: Error) => void }>();
  const saved: number[] = [];
  return {
    open,
    saved,
    write: ({ records }: Pick<Batch, "records">) =>
      new Promise<void>((resolve, reject) => {
        open.set(records[0] ?? 0, { resolve, reject });
      }),
    save: async (reached: Checkpoint) => {
      saved.push(reached.place.row);
    },
  };
}

const mostInFlight = () => 3;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the writer of batches", () => {
  it("saves no checkpoint beyond a batch that isn't acknowledged", async () => {
    const store = createStore();
    const writer = createWriter({ done, ...store, intervalMs: 0, mostInFlight });
    await writer.add(batch(1));
    await writer.add(batch(2));
    const third = writer.add(batch(3));

    store.open.get(3)?.resolve();
    store.open.get(2)?.resolve();
    await turn();
    const before = [...store.saved];
    store.open.get(1)?.resolve();
    await third;

    expect(before).toEqual([]);
    expect(store.saved).toEqual([1]);
  });

  it("waits for more than one once fewer may be on their way", async () => {
    const store = createStore();
    let most = 3;
    const writer = createWriter({ done, ...store, intervalMs: 0, mostInFlight: () => most });
    await writer.add(batch(1));
    await writer.add(batch(2));
    most = 1;
    let isAdded = false;
    const third = writer.add(batch(3)).then(() => {
      isAdded = true;
    });

    for (const row of [1, 2]) store.open.get(row)?.resolve();
    await turn();
    await turn();
    const isAddedEarly = isAdded;
    store.open.get(3)?.resolve();
    await third;

    expect(isAddedEarly).toBe(false);
    expect(store.saved).toEqual([3]);
  });

  it("waits for all of it at the end and saves how far it came", async () => {
    const store = createStore();
    const writer = createWriter({ done, ...store, intervalMs: 60_000, mostInFlight });
    await writer.add(batch(1));
    await writer.add(batch(2));

    const closed = writer.close();
    store.open.get(2)?.resolve();
    store.open.get(1)?.resolve();
    await closed;

    expect(store.saved).toEqual([2]);
  });

  it("stops at the first batch that was refused", async () => {
    const store = createStore();
    const writer = createWriter({ done, ...store, intervalMs: 0, mostInFlight });
    await writer.add(batch(1));
    await writer.add(batch(2));

    const closed = writer.close();
    store.open.get(1)?.reject(new Error("refused"));
    store.open.get(2)?.resolve();

    await expect(closed).rejects.toThrow("refused");
    expect(store.saved).toEqual([]);
  });

  it("counts all rejected rows and keeps the first 100,000", async () => {
    const kept: number[] = [];
    const saved: Checkpoint[] = [];
    const writer = createWriter({
      done: { ...done, rejected: 99_999 },
      write: async ({ rejects }) => {
        kept.push(...rejects.map(({ _id }) => _id));
      },
      save: async (reached) => {
        saved.push(reached);
      },
      intervalMs: 0,
      mostInFlight,
    });
    const reject = (row: number) => ({
      _id: row,
      line: row,
      code: "quote" as const,
      message: "",
      raw: "",
    });

    await writer.add({
      ...batch(3),
      records: new Uint8Array(),
      count: 0,
      rejects: [reject(1), reject(2), reject(3)],
    });
    await writer.close();

    expect(kept).toEqual([1]);
    expect(saved.at(-1)?.rejected).toBe(100_002);
  });
});
