import type { DatasetChange } from "../../protocol/channels.ts";
import type { Dataset } from "../../protocol/datasets.ts";
import type { DatasetDocument } from "./dataset.model.ts";

/** A dataset as clients see it. */
export function toDataset(doc: DatasetDocument): Dataset {
  return {
    id: doc._id,
    name: doc.name,
    format: doc.format,
    status: doc.status,
    columns: doc.columns.map(({ name, type }) => ({ name, type })),
    rows: doc.rows,
    rejected: doc.rejected,
    bytes: doc.bytes,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}

/** What `dataset.changed` carries: the columns only when they changed. */
export function toChange(doc: DatasetDocument, withColumns: boolean): DatasetChange {
  const { columns, ...rest } = toDataset(doc);
  return withColumns ? { ...rest, columns } : rest;
}
