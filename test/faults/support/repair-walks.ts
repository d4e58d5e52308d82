import type { Job } from "../../../protocol/jobs.ts";
import { download, mendOrders, rowsIn, sendRepair } from "../../flows/support/repairs.ts";
import type { TestClient } from "../../support/client.ts";
import type { Random } from "./random.ts";
import type { ReferenceImport } from "./reference-import.ts";
import type { Rig } from "./rig.ts";
import { readRejects } from "./stored-rows.ts";
import { type Findings, join, noFindings } from "./trial.ts";
import { judgeWalk, walk } from "./walker.ts";

const parts = 6;

type Options = { rig: Rig; given: ReferenceImport; random: Random; walkers: number };

/** Mends the rejects of an import part by part, from either node, while others walk its pages over and over. */
export async function walkWhileRepairing({ rig, given, random, walkers }: Options) {
  const { ann, file, dataset } = given;
  const all = new Set(Array.from({ length: file.rows }, (_, i) => i + 1));
  const good = new Set(all);
  for (const { row } of file.rejects) good.delete(row);
  let isOver = false;
  const walkOnce = () =>
    walk({ rig, ann, datasetId: dataset.id, random, untilMore: async () => true });

  async function walkOn(): Promise<Findings[]> {
    const judged: Findings[] = [];
    while (!isOver) {
      const { rows, found } = await walkOnce();
      judged.push(found, judgeWalk(rows, good, all));
    }
    return judged;
  }

  const repairing = repairInParts(ann, rig, dataset.id).finally(() => {
    isOver = true;
  });
  const walks = await Promise.all([repairing, ...Array.from({ length: walkers }, walkOn)]);
  const last = await walkOnce();
  const found = join(...walks.flat(), last.found, judgeWalk(last.rows, all));
  const { rows, rejected } = await ann.dataset(dataset.id);
  const left = (await readRejects(rig.cluster, dataset.id)).length;
  if (`${[rows, rejected, left]}` !== `${[file.rows, 0, 0]}`) {
    found.wrong.push(`${rows} rows, ${rejected} rejected, ${left} of them kept after the repair`);
  }
  return { found, walks: walks.length - 1 };
}

async function repairInParts(ann: TestClient, rig: Rig, datasetId: string): Promise<Findings> {
  const found = noFindings();
  const { body } = await download(ann, datasetId, "csv", rig.url(1));
  const places = new Map(rowsIn(body).map((row, i) => [row, i % parts]));
  for (let part = 0; part < parts; part += 1) {
    const file = mendOrders(body, (row) => (places.get(row) ?? 0) <= part);
    const { body: sent } = await sendRepair(ann, datasetId, file, { at: rig.url(part % 2) });
    const job: Job = await ann.final(sent.job.id, rig.url((part + 1) % 2));
    if (job.state !== "completed") found.wrong.push(`a repair ended as ${job.state}`);
  }
  return found;
}
