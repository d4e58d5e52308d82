import type { Job, RowsAfterCancel } from "../../../protocol/jobs.ts";
import type { DatasetDocument } from "../../../server/datasets/dataset.model.ts";
import type { Answer } from "../../support/client.ts";
import { judgeAgreement, judgeOrder } from "./judge-watchers.ts";
import { isFinal } from "./judgement.ts";
import type { ReferenceImport } from "./reference-import.ts";
import type { Rig } from "./rig.ts";
import { readStoredJob } from "./stored-job.ts";
import { compareRows } from "./stored-rows.ts";
import { type Findings, join, noFindings } from "./trial.ts";

/** The share of a file that a worker may have read since its last checkpoint. */
const mostAhead = 0.2;

/** Whether what a cancel was answered and the end that an import came to belong together. */
function judgeEnd({ status, body }: Answer<Job>, stored: Job, rows: number): string[] {
  const end = `${status}, but the job is ${stored.state}`;
  if (status === 409) return stored.state === "completed" ? [] : [end];
  if (status !== 202) return [`the cancel was answered ${status}`];
  if (stored.state === "cancelled") return [];
  // It may end otherwise only if its last row was in when somebody asked.
  const wasNearEnd = body.progress.rowsRead >= rows * (1 - mostAhead);
  return stored.state === "completed" && wasNearEnd
    ? []
    : [`${end}, asked at row ${body.progress.rowsRead}`];
}

/** One final state, one story about it, and as many rows as are reported: none after a discard. */
export async function judgeCancelled(
  rig: Rig,
  { job, dataset, watchers, file }: ReferenceImport,
  rows: RowsAfterCancel,
  answer: Answer<Job>,
): Promise<Findings> {
  const found = join(
    judgeAgreement(watchers),
    ...watchers.map(({ seen }, i) => judgeOrder(seen, `watcher ${i}`)),
  );
  const stored = await readStoredJob(rig.cluster, job.id);
  found.wrong.push(...judgeEnd(answer, stored, file.rows));
  for (const watcher of watchers) {
    const finals = watcher.events().filter(isFinal);
    if (finals.length !== 1) found.doubled.push(`${finals.length} final events`);
    if (finals[0]?.type !== `job.${stored.state}`) found.wrong.push("told otherwise than stored");
  }
  const isGone = stored.state === "cancelled" && rows === "discard";
  return join(found, await (isGone ? judgeGone(rig, dataset.id) : judgeKept(rig, stored, file)));
}

async function judgeGone({ cluster }: Rig, datasetId: string): Promise<Findings> {
  const found = noFindings();
  const datasets = cluster.mongo.collection<DatasetDocument>("datasets");
  const known = await datasets.findOne({ _id: datasetId, deletedAt: null });
  if (known) found.wrong.push("the discarded dataset is still there");
  for (const name of [`records_${datasetId}`, `rejects_${datasetId}`]) {
    const left = await cluster.mongo.collection(name).countDocuments();
    if (left > 0) found.wrong.push(`${left} left in ${name} after discard`);
  }
  return found;
}

async function judgeKept(
  { cluster }: Rig,
  { dataset, state, progress }: Job,
  file: ReferenceImport["file"],
): Promise<Findings> {
  const found = noFindings();
  const datasets = cluster.mongo.collection<DatasetDocument>("datasets");
  const known = await datasets.findOne({ _id: dataset.id });
  const records = cluster.mongo.collection(`records_${dataset.id}`);
  const rejects = cluster.mongo.collection(`rejects_${dataset.id}`);
  const kept = `${[await records.countDocuments(), await rejects.countDocuments()]}`;
  const told = `${[progress.rowsImported, progress.rowsRejected]}`;
  const listed = `${[known?.rows, known?.rejected]}`;
  if (kept !== told) found.wrong.push(`${kept} rows are kept, the job says ${told}`);
  if (kept !== listed) found.wrong.push(`${kept} rows are kept, the dataset says ${listed}`);
  const status = state === "completed" ? "ready" : "partial";
  if (known?.status !== status) found.wrong.push(`the dataset is ${known?.status}`);
  const { foreign, wrong } = await compareRows(cluster, dataset.id, file);
  found.wrong.push(...foreign.map((row) => `row ${row} was never sent`));
  found.wrong.push(...wrong.map((row) => `row ${row} has other values`));
  return found;
}
