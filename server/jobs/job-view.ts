import type { JobEventType } from "../../protocol/channels.ts";
import type { Job, JobKind, JobState, Progress } from "../../protocol/jobs.ts";
import type { Publish } from "../infrastructure/channel.ts";
import { createId } from "../infrastructure/ids.ts";
import type { ExportPlan, JobDocument, Source } from "./job.model.ts";
import { isUnasked } from "./job.queries.ts";
import { jobChannel, userJobsChannel } from "./job-channels.ts";

/** A job as clients see it. */
export function toJob(doc: JobDocument): Job {
  return {
    id: doc._id,
    kind: doc.kind,
    state: doc.state,
    dataset: { id: doc.dataset.id, name: doc.dataset.name },
    run: doc.run,
    attempt: doc.attempt,
    progress: doc.progress,
    result: doc.result,
    error: doc.error,
    createdAt: doc.createdAt.toISOString(),
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
  };
}

export const ticketOf = (jobId: string, fence: number): string => `${jobId}-${fence}`;

/** A job that waits for its first attempt; one that nobody asked for needn't be admitted to it. */
export function newJob(given: {
  userId: string;
  kind: JobKind;
  dataset: { id: string; name: string };
  source: Source | null;
  columnKey?: string;
  isRepair?: true;
}): JobDocument {
  const id = createId();
  return {
    _id: id,
    columnKey: null,
    ...given,
    state: "queued",
    run: 1,
    attempt: 0,
    fence: 1,
    ticket: ticketOf(id, 1),
    idleAttempts: 0,
    isAdmitted: isUnasked(given.kind),
    cancel: null,
    plan: null,
    rowsIds: null,
    checkpoint: null,
    progress: startOfProgress(given.source?.bytes ?? 0),
    result: null,
    error: null,
    createdAt: new Date(),
    startedAt: null,
    finishedAt: null,
    isAnnounced: false,
    isSettled: false,
  };
}

/** An export that waits; how many rows there will be is known unless there are conditions. */
export function newExport(userId: string, datasetName: string, exports: ExportPlan): JobDocument {
  const { rows } = exports;
  const dataset = { id: rows.datasetId, name: datasetName };
  const job = newJob({ userId, kind: "export", dataset, source: null });
  const rowsTotal = rows.request.filter?.length ? null : rows.rows;
  const progress = { ...job.progress, rowsWritten: 0, rowsTotal };
  return { ...job, exports, exported: null, hasFile: true, progress };
}

const startOfProgress = (bytesTotal: number): Progress => ({
  phase: "waiting",
  bytesScanned: 0,
  bytesRead: 0,
  bytesTotal,
  rowsRead: 0,
  rowsImported: 0,
  rowsRejected: 0,
  rowsPerSecond: null,
  etaSeconds: null,
  percent: 0,
});

/** The event that says in which state a job is now. */
export function eventTypeOf(state: JobState): JobEventType {
  if (state === "running") return "job.started";
  return `job.${state}`;
}

/** Tells the job's channel, and that of all jobs of its owner, that its state changed; false if one wasn't told. */
export async function announceState(
  publish: Publish,
  doc: JobDocument,
  type: JobEventType,
): Promise<boolean> {
  const message = {
    type,
    data: toJob(doc),
    // A final event has one id a run, whoever sends it: there is exactly one of it.
    id: doc.finishedAt ? `${doc._id}:final:${doc.run}` : `${doc._id}:${doc.fence}:${type}`,
    fence: { of: doc._id, value: doc.fence },
  };
  const isTold = await publish({ ...message, channel: jobChannel(doc._id) });
  return (await publish({ ...message, channel: userJobsChannel(doc.userId) })) && isTold;
}

/** Tells only the job's own channel how far it has come. */
export async function announceProgress(publish: Publish, doc: JobDocument, count: number) {
  await publish({
    channel: jobChannel(doc._id),
    type: "job.progress",
    data: toJob(doc),
    id: `${doc._id}:${doc.fence}:${count}`,
    fence: { of: doc._id, value: doc.fence },
  });
}
