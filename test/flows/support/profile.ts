import type { Cluster } from "../../support/cluster.ts";

export type ProfiledQuery = {
  planSummary: string;
  docsExamined: number;
  keysExamined: number;
  hasSortStage: boolean;
  nreturned: number;
};

/**
 * Has MongoDB write down the finds on a collection, as the server really asks them ("Database
 * Profiler" in its manual), until `stop`.
 */
export async function profileQueries({ mongo }: Cluster, collection: string) {
  const { db } = mongo;
  if (!db) throw new Error("MongoDB isn't connected");
  const ns = `${db.databaseName}.${collection}`;
  await db.command({ profile: 0 });
  await db
    .collection("system.profile")
    .drop()
    .catch(() => {});
  await db.createCollection("system.profile", { capped: true, size: 64 * 1024 * 1024 });
  await db.command({ profile: 2 });
  return {
    async stop(): Promise<ProfiledQuery[]> {
      await db.command({ profile: 0 });
      const found = await db
        .collection<ProfiledQuery>("system.profile")
        .find({ ns, op: "query" })
        .toArray();
      return found.map((query) => ({ ...query, hasSortStage: query.hasSortStage === true }));
    },
  };
}
