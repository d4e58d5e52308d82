import type { TestClient } from "../../support/client.ts";
import { isFinal } from "../support/judgement.ts";
import { submitReference } from "../support/reference-import.ts";
import { walkWhileRepairing } from "../support/repair-walks.ts";
import { startRig } from "../support/rig.ts";
import { join, type Promised } from "../support/trial.ts";
import { judgeWalk, walk } from "../support/walker.ts";

/** Another character of the same alphabet at a random place. */
function alter(cursor: string, at: number): string {
  return `${cursor.slice(0, at)}${cursor[at] === "A" ? "B" : "A"}${cursor.slice(at + 1)}`;
}

async function statusOf(client: TestClient, at: string, datasetId: string, cursor: string) {
  const path = `/api/v1/datasets/${datasetId}/records?cursor=${encodeURIComponent(cursor)}`;
  return (await client.call<{ code?: string }>(path, {}, at)).body.code ?? "a page";
}

export const walkingPages: Promised = {
  id: "P18",
  title: "walking pages while data changes shows each row exactly once",
  seeds: 10,
  mutants: [
    {
      what: "a page begins with the last row of the one before",
      file: "server/datasets/dataset.queries.ts",
      from: "{ $gt: row, $lte: watermark }",
      to: "{ $gte: row, $lte: watermark }",
    },
    {
      what: "rows are shown before a checkpoint covers them",
      file: "server/datasets/dataset.queries.ts",
      from: "{ $gt: row, $lte: watermark }",
      to: "{ $gt: row, $lte: watermark + 50_000 }",
    },
    {
      what: "a repaired row stays among the rejected ones",
      file: "server/datasets/repairing/place-rows.ts",
      from: "inside.push(row);",
      to: "",
    },
    {
      what: "a cursor's authentication is off",
      file: "server/infrastructure/cursor.ts",
      from: "if (!isCanonical || !timingSafeEqual(bytes.subarray(0, macBytes), expected)) {",
      to: "if (!isCanonical || !expected) {",
    },
  ],
  async attack({ random, isLarge }) {
    const size = { rows: isLarge ? 100_000 : 20_000, broken: 300 };
    await using rig = await startRig();
    const given = await submitReference(rig, size);
    const stranger = await rig.signUp(1);
    const { ann, file, dataset, watchers } = given;
    const [first] = watchers;
    if (!first) throw new Error("nobody watches");
    const worker = await rig.addWorker();
    worker.mongo?.toServer.set({ bytesPerSecond: size.rows * 6 });

    async function untilMore(): Promise<boolean> {
      const known = first?.events().length ?? 0;
      const hasMore = () => {
        const events = first?.events() ?? [];
        if (events.some(isFinal)) return { isOver: true };
        return events.length > known ? { isOver: false } : undefined;
      };
      return (await first?.untilSeen(hasMore, "more rows", 60))?.isOver ?? true;
    }
    const walks = await Promise.all(
      Array.from({ length: isLarge ? 10 : 4 }, () =>
        walk({ rig, ann, datasetId: dataset.id, random, untilMore }),
      ),
    );
    const repaired = await walkWhileRepairing({
      ...{ rig, given, random },
      walkers: isLarge ? 6 : 2,
    });
    const good = new Set(Array.from({ length: file.rows }, (_, i) => i + 1));
    for (const { row } of file.rejects) good.delete(row);
    const found = join(
      ...walks.flatMap((one) => [one.found, judgeWalk(one.rows, good)]),
      repaired.found,
    );

    const cursors = walks.flatMap((one) => one.cursors);
    const altered = isLarge ? 1000 : 100;
    for (let i = 0; i < altered; i += 1) {
      const cursor = random.pick(cursors);
      const bad = alter(cursor, random.between(0, cursor.length - 1));
      const code = await statusOf(ann, rig.url(i % 2), dataset.id, bad);
      if (code !== "cursor_invalid") found.wrong.push(`an altered cursor got ${code}`);
    }
    const other = (await stranger.upload("id\n1\n")).body.dataset;
    await stranger.final((await stranger.upload("id\n1\n")).body.job.id);
    const borrowed = await statusOf(stranger, rig.url(0), other.id, random.pick(cursors));
    if (borrowed !== "cursor_invalid") found.wrong.push(`a borrowed cursor got ${borrowed}`);
    const foreign = await statusOf(stranger, rig.url(0), dataset.id, random.pick(cursors));
    if (foreign !== "not_found") found.wrong.push(`a stranger got ${foreign}`);
    const faults = walks.length + repaired.walks + altered + 2;
    return { ...found, faults, recoveryMs: [] };
  },
};
