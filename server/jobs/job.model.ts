import { Schema } from "mongoose";
import type { Format, ImportOptions } from "../../protocol/datasets.ts";
import type {
  ImportResult,
  JobErrorCode,
  JobKind,
  JobResult,
  JobState,
  Progress,
  RowsAfterCancel,
} from "../../protocol/jobs.ts";
import type { ExportedRows } from "../datasets/exporting/export-reads.ts";
import type { LineSpec } from "../datasets/exporting/lines.ts";
import type { Place, Plan } from "../datasets/parsing/seam.ts";
import type { RowsIds } from "../datasets/rows.ts";
import type { Connection } from "../infrastructure/mongo.ts";

export type Source = { id: string; bytes: number; format: Format; options: ImportOptions };

/** How far an import has come: everything before `place` is in MongoDB. */
export type Checkpoint = {
  place: Place;
  imported: number;
  rejected: number;
  /** of a repair */
  repair?: NonNullable<ImportResult["repair"]>;
};

/** What an export is to write, with the bounds of its moment. Its file has the id of the job. */
export type ExportPlan = {
  rows: ExportedRows;
  lines: LineSpec;
  gzip: boolean;
  /** of the file */
  name: string;
};

/** How far an export has come: `bytes` are stored, `row` (0: none) is the last of `rows` rows in them. */
export type ExportCheckpoint = { row: number; rows: number; bytes: number };

export type JobDocument = {
  _id: string;
  userId: string;
  kind: JobKind;
  /** an `import` that puts mended rows into a dataset that is there */
  isRepair?: boolean;
  state: JobState;
  dataset: { id: string; name: string };
  run: number;
  attempt: number;
  /** raised by every attempt, retry and cancel, never reset: whoever holds an older one writes nothing */
  fence: number;
  /** the queue's name for the ticket of this job */
  ticket: string;
  /** attempts in a row that moved no checkpoint */
  idleAttempts: number;
  /** whether it takes one of its owner's shares of the workers: only then it has a ticket */
  isAdmitted: boolean;
  cancel: RowsAfterCancel | null;
  source: Source | null;
  /** what an `index` job is about */
  columnKey: string | null;
  plan: Plan | null;
  rowsIds: RowsIds | null;
  checkpoint: Checkpoint | null;
  /** only of an export */
  exports?: ExportPlan;
  exported?: ExportCheckpoint | null;
  /** whether it may have a file, ended or not, that has to go some day */
  hasFile?: boolean;
  progress: Progress;
  result: JobResult | null;
  error: { code: JobErrorCode; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** whether the event of the final state is out: a Redis that forgets its ids must not hear it twice */
  isAnnounced: boolean;
  /** whether that is made sure of, and what lay beyond the checkpoint is gone */
  isSettled: boolean;
};

const mixed = Schema.Types.Mixed;
const schema = new Schema<JobDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    kind: { type: String, required: true },
    isRepair: Boolean,
    state: { type: String, required: true },
    dataset: { type: new Schema({ id: String, name: String }, { _id: false }), required: true },
    run: { type: Number, required: true },
    attempt: { type: Number, required: true },
    fence: { type: Number, required: true },
    ticket: { type: String, required: true },
    idleAttempts: { type: Number, required: true },
    isAdmitted: { type: Boolean, required: true },
    cancel: { type: String, default: null },
    source: { type: mixed, default: null },
    columnKey: { type: String, default: null },
    plan: { type: mixed, default: null },
    rowsIds: { type: mixed, default: null },
    checkpoint: { type: mixed, default: null },
    exports: mixed,
    exported: mixed,
    hasFile: Boolean,
    progress: { type: mixed, required: true },
    result: { type: mixed, default: null },
    error: { type: mixed, default: null },
    createdAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    isAnnounced: { type: Boolean, required: true },
    isSettled: { type: Boolean, required: true },
  },
  { collection: "jobs", versionKey: false, minimize: false },
);
schema.index({ userId: 1, createdAt: -1, _id: -1 });
schema.index({ "dataset.id": 1, state: 1 });
schema.index({ isAdmitted: 1, userId: 1 }, { partialFilterExpression: { isAdmitted: true } });
schema.index(
  { state: 1, userId: 1, createdAt: 1, _id: 1 },
  { partialFilterExpression: { state: "queued", isAdmitted: false } },
);
schema.index({ hasFile: 1, finishedAt: 1 }, { partialFilterExpression: { hasFile: true } });
schema.index({ isSettled: 1 }, { partialFilterExpression: { isSettled: false } });

export const createJobModel = (connection: Connection) => connection.model("Job", schema);
export type JobModel = ReturnType<typeof createJobModel>;
