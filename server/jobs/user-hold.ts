import type { ClientSession } from "mongodb";
import type { Connection } from "../infrastructure/mongo.ts";

/**
 * Lets transactions about the jobs of one user wait for each other: if they only counted, both would see
 * room; a write to one document makes them conflict.
 */
export async function holdUser(connection: Connection, userId: string, session: ClientSession) {
  await connection
    .collection<{ _id: string; jobs: number }>("users")
    .updateOne({ _id: userId }, { $inc: { jobs: 1 } }, { session });
}
