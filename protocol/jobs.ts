import { z } from "zod";
import { id, time } from "./common.ts";
import { dataset } from "./datasets.ts";
import { exportResult } from "./exports.ts";
import { page, pageQuery } from "./pages.ts";

export const jobKinds = ["import", "export", "index", "profile", "purge"] as const;
export const jobStates = ["queued", "running", "completed", "failed", "cancelled"] as const;
export const jobPhases = ["waiting", "scan", "load", "index", "write", "finish"] as const;

/** Why a run failed, beyond the codes of requests. */
export const jobErrorCodes = [
  "attempts_exhausted",
  "file_encoding",
  "header_invalid",
  "column_unknown",
  "too_many_columns",
  "source_missing",
  "internal",
] as const;

export type JobKind = (typeof jobKinds)[number];
export type JobState = (typeof jobStates)[number];
export type JobErrorCode = (typeof jobErrorCodes)[number];

export const finalStates: readonly JobState[] = ["completed", "failed", "cancelled"];

/** Counters never go back within a job. `rowsPerSecond` and `etaSeconds` are null while unknown. */
export const progress = z.object({
  phase: z.enum(jobPhases),
  bytesScanned: z.number(),
  bytesRead: z.number(),
  bytesTotal: z.number(),
  rowsRead: z.number(),
  rowsImported: z.number(),
  rowsRejected: z.number(),
  /** only of an export; `rowsTotal` is null until it is known */
  rowsWritten: z.number().optional(),
  rowsTotal: z.number().nullable().optional(),
  rowsPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  percent: z.number(),
});
export type Progress = z.infer<typeof progress>;

export const importResult = z.object({
  rowsRead: z.number(),
  rowsImported: z.number(),
  rowsRejected: z.number(),
  columns: z.number(),
  seconds: z.number(),
  /** of a repair: how many of its imported rows were in before, and of the rejected ones name no row of the dataset */
  repair: z
    .object({ alreadyIn: z.number(), unknown: z.number(), unknownLines: z.array(z.number()) })
    .optional(),
});
export type ImportResult = z.infer<typeof importResult>;

/** What a completed job came to; the other kinds have none. */
export const jobResult = z.union([importResult, exportResult]);
export type JobResult = z.infer<typeof jobResult>;

export const job = z.object({
  id,
  kind: z.enum(jobKinds),
  state: z.enum(jobStates),
  dataset: z.object({ id, name: z.string() }),
  run: z.number(),
  attempt: z.number(),
  progress,
  result: jobResult.nullable(),
  error: z.object({ code: z.enum(jobErrorCodes), message: z.string() }).nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type Job = z.infer<typeof job>;

export const jobPage = page(job);
export const submitted = z.object({ dataset, job });
export const jobAnswer = z.object({ job });
export type Submitted = z.infer<typeof submitted>;

const filter = { state: z.enum(jobStates).optional(), kind: z.enum(jobKinds).optional() };
export const jobsQuery = z.strictObject({ ...pageQuery, ...filter });

/** What becomes of the rows that are in when an import is cancelled; `keep` if left out. */
const rowsAfterCancel = z.enum(["keep", "discard"]);
export type RowsAfterCancel = z.infer<typeof rowsAfterCancel>;

export const cancelBody = z.strictObject({ rows: rowsAfterCancel.optional() });
export const jobRequest = z.strictObject({ jobId: id });
export const cancelRequest = z.strictObject({ jobId: id, rows: rowsAfterCancel.optional() });
