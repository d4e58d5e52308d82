import type { ExportBody } from "../protocol/exports.ts";
import type { Job } from "../protocol/jobs.ts";
import { measure, peakMemory } from "./measure.ts";
import type { Rig } from "./rig.ts";
import type { Run } from "./runs.ts";

/**
 * Orders an export, waits for its end and removes its file. Measured from its start in the worker on; `peak` is the
 * most memory that the worker has had by its end, in MiB. (Once idle, V8 takes some 50 MiB more for a while.)
 */
export async function exportOnce(
  rig: Rig,
  datasetId: string,
  json: ExportBody,
  worker = rig.pids.worker,
): Promise<Run & { peak: number }> {
  const { mongod, api } = rig.pids;
  const path = `/api/v1/datasets/${datasetId}/exports`;
  let rows = 0;
  let seconds = 0;
  let id = "";
  let peak = 0;
  const usage = await measure({ worker, mongod, api }, async () => {
    const { body } = await rig.client.call<{ job: Job }>(path, { method: "POST", json });
    const { result, startedAt, finishedAt, ...job } = await rig.client.final(body.job.id);
    peak = peakMemory(worker);
    if (!result || !("file" in result)) throw new Error(JSON.stringify(job));
    ({ id, rows } = result.file);
    seconds = (Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "")) / 1000;
  });
  await rig.cluster.mongo.collection("files.chunks").deleteMany({ files_id: id });
  return { ...usage, wall: seconds, rows, peak };
}
