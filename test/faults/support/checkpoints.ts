import type { ChangeStreamDocument } from "mongodb";
import type { Checkpoint, JobDocument } from "../../../server/jobs/job.model.ts";
import type { Rig } from "./rig.ts";

/** Writes down each checkpoint of a job as MongoDB commits it, whoever wrote it. */
export function recordCheckpoints(rig: Rig, jobId: string) {
  const rows: number[] = [];
  const stream = rig.cluster.mongo.collection<JobDocument>("jobs").watch();
  stream.on("change", (change: ChangeStreamDocument<JobDocument>) => {
    if (change.operationType !== "update" || String(change.documentKey._id) !== jobId) return;
    const checkpoint = change.updateDescription.updatedFields?.checkpoint as Checkpoint | undefined;
    if (checkpoint) rows.push(checkpoint.place.row);
  });
  return {
    /** Rows that each of them covers, in the order of the commits. */
    rows,
    /** Those that cover less than one before. */
    setbacks: () => rows.filter((row, i) => row < (rows[i - 1] ?? 0)),
    [Symbol.asyncDispose]: () => stream.close(),
  };
}
