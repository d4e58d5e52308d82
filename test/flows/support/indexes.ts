import type { Problem } from "../../../protocol/errors.ts";
import type { TestClient } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";
import type { Query } from "./query-model.ts";
import { recordsPath } from "./query-walk.ts";

/** Asks until every index that the query needs is there: waits for the jobs that it is told of. */
export async function buildIndexesOf(client: TestClient, datasetId: string, query: Query) {
  const jobs = [];
  for (;;) {
    const answer = await client.call<Partial<Problem>>(recordsPath(datasetId, query, 1));
    if (answer.body.code !== "index_building") return jobs;
    jobs.push(await client.final(String(answer.body.jobId)));
  }
}

/** The columns' keys whose index MongoDB has, and those that the dataset lists as ready. */
export async function indexesOf({ mongo }: Cluster, datasetId: string) {
  const present = await mongo.collection(`records_${datasetId}`).listIndexes().toArray();
  const dataset = await mongo
    .collection<{ _id: string; indexes?: { key: string; isReady: boolean }[] }>("datasets")
    .findOne({ _id: datasetId });
  return {
    present: present.map(({ name }) => String(name)).filter((name) => /^c\d+$/.test(name)),
    ready: (dataset?.indexes ?? []).filter(({ isReady }) => isReady).map(({ key }) => key),
  };
}
