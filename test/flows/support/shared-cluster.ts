import { afterAll, beforeAll } from "@jest/globals";
import { type Cluster, type ClusterOptions, startCluster } from "../../support/cluster.ts";

/** One cluster for all tests of a file: it is started before the first and ends after the last. */
export function shareCluster(options: ClusterOptions): () => Cluster {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster(options);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());
  return () => {
    if (!cluster) throw new Error("the cluster didn't start");
    return cluster;
  };
}
