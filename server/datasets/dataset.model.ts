import { Schema } from "mongoose";
import type { Delimiter, datasetStatuses, Format } from "../../protocol/datasets.ts";
import { columnTypes, formats } from "../../protocol/datasets.ts";
import type { Connection } from "../infrastructure/mongo.ts";
import type { PlannedColumn } from "./parsing/seam.ts";

/** The index of a column: there, or to be built by a job. */
export type ColumnIndex = { key: string; jobId: string; isReady: boolean; usedAt: Date };

export type DatasetDocument = {
  _id: string;
  userId: string;
  name: string;
  format: Format;
  status: (typeof datasetStatuses)[number];
  columns: PlannedColumn[];
  /** of a CSV source, once it is scanned */
  delimiter?: Delimiter;
  /** of columns that were sorted or filtered by */
  indexes?: ColumnIndex[];
  /** `rows` + `rejected` is the watermark: no read goes beyond that row */
  rows: number;
  rejected: number;
  /** rejects that became rows: by so many the counts differ from those of the import's checkpoint */
  repaired?: number;
  /** grows with every commit of a repair; the rows that it put in name it as their `r` */
  repairs?: number;
  bytes: number;
  /** grows with every change, of rows, name or status */
  version: number;
  sourceId: string;
  createdAt: Date;
  updatedAt: Date;
  profiledAt?: Date;
  /** a deleted dataset stays as a mark, so that its channel knows its owner */
  deletedAt: Date | null;
};

const column = new Schema<PlannedColumn>(
  {
    key: { type: String, required: true },
    name: { type: String, default: "" },
    type: { type: String, enum: columnTypes, required: true },
    numeric: Boolean,
    declared: Boolean,
  },
  { _id: false },
);

const columnIndex = new Schema<ColumnIndex>(
  {
    key: { type: String, required: true },
    jobId: { type: String, required: true },
    isReady: { type: Boolean, required: true },
    usedAt: { type: Date, required: true },
  },
  { _id: false },
);

const schema = new Schema<DatasetDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    name: { type: String, required: true },
    format: { type: String, enum: formats, required: true },
    status: { type: String, required: true },
    columns: { type: [column], required: true },
    delimiter: String,
    indexes: { type: [columnIndex], default: undefined },
    rows: { type: Number, required: true },
    rejected: { type: Number, required: true },
    repaired: { type: Number, default: 0 },
    repairs: { type: Number, default: 0 },
    bytes: { type: Number, required: true },
    version: { type: Number, required: true },
    sourceId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    profiledAt: Date,
    deletedAt: { type: Date, default: null },
  },
  { collection: "datasets", versionKey: false, timestamps: false },
);
schema.index({ userId: 1, deletedAt: 1, createdAt: -1, _id: -1 });

export const createDatasetModel = (connection: Connection) => connection.model("Dataset", schema);
export type DatasetModel = ReturnType<typeof createDatasetModel>;
