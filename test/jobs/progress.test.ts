import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Progress } from "../../protocol/jobs.ts";
import { advance, createPace } from "../../server/jobs/progress.ts";

const start: Progress = {
  phase: "waiting",
  bytesScanned: 0,
  bytesRead: 0,
  bytesTotal: 900,
  rowsRead: 0,
  rowsImported: 0,
  rowsRejected: 0,
  rowsPerSecond: null,
  etaSeconds: null,
  percent: 0,
};

describe("progress", () => {
  it("counts scanning as a third of the way and ends at 99 until the job is completed", () => {
    const scanned = advance(start, { bytesScanned: 900 });
    const half = advance(scanned, { bytesRead: 450 });
    const all = advance(half, { bytesRead: 900 });

    expect([scanned.percent, half.percent, all.percent]).toEqual([33, 66, 99]);
  });

  it("never goes back, whatever an attempt does again", () => {
    const step = fc.record({
      bytesScanned: fc.nat(900),
      bytesRead: fc.nat(900),
      rowsRead: fc.nat(50),
      rowsImported: fc.nat(50),
      rowsRejected: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let last = start;
        for (const step of steps) {
          const next = advance(last, step);
          expect(next.percent).toBeGreaterThanOrEqual(last.percent);
          expect(next.rowsRead).toBeGreaterThanOrEqual(last.rowsRead);
          expect(next.bytesScanned).toBeGreaterThanOrEqual(last.bytesScanned);
          last = next;
        }
      }),
    );
  });

  it("knows no speed at first, then rows a second and the seconds left", () => {
    let now = 0;
    const pace = createPace(() => now);

    const first = pace(0, 0, 1000);
    now = 500;
    const second = pace(100, 250, 750);

    expect(first).toEqual({ rowsPerSecond: null, etaSeconds: null });
    expect(second).toEqual({ rowsPerSecond: 200, etaSeconds: 2 });
  });
});
