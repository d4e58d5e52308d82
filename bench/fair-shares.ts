import { Readable } from "node:stream";
import type { Job } from "../protocol/jobs.ts";
import { type Bench, judge, median } from "./pairs.ts";
import { type Rig, startRig } from "./rig.ts";

const queuedImports = 100;
const queuedRows = 100_000;
const rows = 1000;

/** An import of 1,000 rows while another user has 100 of 100,000 rows queued, against the same alone. */
export const fairShares: Bench = {
  name: "fair-shares",
  pairs: 12,
  async run(pairs, report) {
    await using rig = await startRig();
    const other = await rig.cluster.signUp();
    const file = csv(queuedRows);
    await importSmall(rig);
    const alone = await repeat(pairs, () => importSmall(rig));
    for (let i = 0; i < queuedImports; i++) await other.upload(file);
    const behind = await repeat(pairs, () => importSmall(rig));
    const { body } = await other.call<{ total: { count: number } }>(
      "/api/v1/jobs?state=queued&kind=import",
    );
    report(`still queued at the end: ${body.total.count} of ${queuedImports}`);
    for (const [name, times] of Object.entries({ alone, behind })) {
      const of = (key: keyof Times) => times.map((time) => Math.round(time[key]));
      report(
        `${name}: ms to its start ${of("start").join(" ")}; to its end ${of("end").join(" ")}`,
      );
    }
    const usual = median(alone.map(({ end }) => end));
    const ends = behind.map(({ end }) => end / usual);
    const starts = behind.map(({ start }) => start / 2000);
    return [
      judge("fair-end", "the same alone", ends, { atMost: 3 }),
      judge("fair-start", "2 s", starts, { atMost: 1 }),
    ];
  },
};

/** Milliseconds from the submission on. */
type Times = { start: number; end: number };

async function importSmall(rig: Rig): Promise<Times> {
  const { createdAt, startedAt, finishedAt } = await rig.importFile(Readable.from([csv(rows)]));
  const since = (time: Job["startedAt"]) => Date.parse(time ?? "") - Date.parse(createdAt);
  return { start: since(startedAt), end: since(finishedAt) };
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < times; i++) results.push(await work());
  return results;
}

function csv(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `${i + 1},row ${i + 1}\n`);
  return `id,text\n${lines.join("")}`;
}
