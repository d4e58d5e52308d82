import type { Collection } from "mongodb";
import { measure } from "../measure.ts";
import type { Rig } from "../rig.ts";
import { flush, type Run } from "../runs.ts";

export type Row = Record<string, unknown>;
export type Write<Document extends object> = (target: Collection<Document>) => Promise<unknown>;
type Options = { rows: number; isClustered: boolean };

/**
 * Measures a rival that fills a collection from this process, sees that all its rows are there, and drops
 * them. Clustered is the kind that Sluice writes to; the other is what `insertMany` makes by itself.
 */
export async function fill<Document extends object = Row>(
  rig: Rig,
  { rows, isClustered }: Options,
  write: Write<Document>,
): Promise<Run> {
  const { db } = rig.cluster.mongo;
  if (!db) throw new Error("not connected");
  const clusteredIndex = { key: { _id: 1 as const }, unique: true as const };
  const target = await db.createCollection<Document>("rival", {
    writeConcern: { w: "majority" },
    ...(isClustered && { clusteredIndex }),
  });
  await flush(rig);
  const usage = await measure({ bench: process.pid, mongod: rig.pids.mongod }, () => write(target));
  if ((await target.countDocuments()) !== rows) throw new Error("rows are missing");
  await target.drop();
  return { ...usage, rows };
}
