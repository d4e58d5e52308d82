import type { Cluster } from "../../support/cluster.ts";

const collections = [
  "uploads",
  "files.files",
  "files.chunks",
  "datasets",
  "jobs",
  "idempotency_keys",
];

/** How many of each thing that an upload makes are stored, of all users together. */
export async function countStored({ mongo }: Cluster): Promise<Record<string, number>> {
  const counts = collections.map(async (name) => [
    name,
    await mongo.collection(name).countDocuments(),
  ]);
  return Object.fromEntries(await Promise.all(counts));
}

/** The stored source of a dataset. */
export async function storedFile({ mongo }: Cluster, datasetId: string): Promise<Buffer> {
  const dataset = await mongo
    .collection<{ _id: string; sourceId: string }>("datasets")
    .findOne({ _id: datasetId });
  const chunks = mongo.collection("files.chunks").find({ files_id: dataset?.sourceId });
  const parts = await chunks.sort({ n: 1 }).toArray();
  return Buffer.concat(parts.map(({ data }) => data.buffer));
}
