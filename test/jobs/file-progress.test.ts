import { describe, expect, it } from "@jest/globals";
import { createFileProgress } from "../../server/jobs/import-thread/file-progress.ts";
import type { ExportCheckpoint } from "../../server/jobs/job.model.ts";

const place = (bytes: number): ExportCheckpoint => ({ row: bytes, rows: bytes, bytes });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the progress of a file", () => {
  it("is saved only as far as bytes are stored, and all of it at the end", async () => {
    let stored = 0;
    const saved: number[] = [];
    const progress = createFileProgress(place(0), {
      stored: () => stored,
      save: async ({ bytes }) => {
        saved.push(bytes);
      },
      intervalMs: 0,
    });

    progress.add(place(10));
    progress.add(place(20));
    await turn();
    expect(saved).toEqual([]);
    stored = 25;
    progress.add(place(30));
    await turn();
    expect(saved).toEqual([20]);
    stored = 30;
    await progress.close();

    expect(saved).toEqual([20, 30]);
  });

  it("ends with the error of whoever couldn't save it", async () => {
    const failure = new Error("can't be saved");
    const progress = createFileProgress(place(0), {
      stored: () => 10,
      save: () => Promise.reject(failure),
      intervalMs: 0,
    });

    progress.add(place(10));

    await expect(progress.close()).rejects.toBe(failure);
  });
});
