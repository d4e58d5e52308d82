import { isDeepStrictEqual } from "node:util";
import type { CellValue } from "../../../protocol/datasets.ts";
import type { DatasetDocument } from "../../../server/datasets/dataset.model.ts";
import type { RecordDocument, RejectDocument } from "../../../server/datasets/parsing/seam.ts";
import type { Cluster } from "../../support/cluster.ts";
import { type OrdersFile, orderOf } from "./orders-file.ts";

/**
 * Compares the rows that MongoDB holds with those of the file: `lost` and `foreign` are row numbers,
 * `wrong` those whose values differ, the first ten of each; no row can be there twice, its number being the key.
 */
export async function compareRows(cluster: Cluster, datasetId: string, file: OrdersFile) {
  const { columns } = await readDataset(cluster, datasetId);
  const left = new Set(Array.from({ length: file.rows }, (_, i) => i + 1));
  for (const { row } of file.rejects) left.delete(row);
  const foreign: number[] = [];
  const wrong: number[] = [];
  const records = cluster.mongo.collection<RecordDocument>(`records_${datasetId}`);
  for await (const { _id, c } of records.find()) {
    if (!left.delete(_id)) foreign.push(_id);
    const values: Record<string, CellValue> = {};
    for (const { key, name } of columns) values[name] = c[key] ?? null;
    if (!isDeepStrictEqual(values, orderOf(_id))) wrong.push(_id);
  }
  const first = (rows: Iterable<number>) => [...rows].slice(0, 10);
  return { lost: first(left), foreign: first(foreign), wrong: first(wrong) };
}

/** The rejected rows that MongoDB holds, in order. */
export async function readRejects(cluster: Cluster, datasetId: string) {
  const rejects = cluster.mongo.collection<RejectDocument>(`rejects_${datasetId}`);
  const found = await rejects.find().sort({ _id: 1 }).toArray();
  return found.map(({ _id, line, code }) => ({ row: _id, line, code }));
}

export async function readDataset(cluster: Cluster, id: string): Promise<DatasetDocument> {
  const found = await cluster.mongo.collection<DatasetDocument>("datasets").findOne({ _id: id });
  if (!found) throw new Error("there is no such dataset");
  return found;
}
