import type { Cluster } from "../../support/cluster.ts";
import { createOrdersFile } from "./orders-file.ts";
import { record } from "./recording.ts";

/** Towards MongoDB, in each of three connections: 100,000 rows take about 8 s. */
export const slowly = 500_000;

/** Uploads rows, 300 of them broken, before there is a worker; a watcher on the first and the last node. */
export async function prepareImport(cluster: Cluster, rows = 100_000) {
  const file = createOrdersFile(rows, 300);
  const ann = await cluster.signUp();
  const { job, dataset } = (await ann.upload(file.text)).body;
  const channel = `job:${job.id}`;
  const [recording, other] = await Promise.all([
    record(ann.socket(cluster.url(0)), channel),
    record(ann.socket(cluster.url(cluster.api.length - 1)), channel),
  ]);
  return { file, ann, job, dataset, channel, recording, other };
}

export type PreparedImport = Awaited<ReturnType<typeof prepareImport>>;
