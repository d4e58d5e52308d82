import { setTimeout as pause } from "node:timers/promises";
import mongoose, { type Connection } from "mongoose";
import type { Logger } from "./logger.ts";

export type { Connection };
export type Session = mongoose.mongo.ClientSession;

const longestWaitMs = 30_000;
const awaitEveryMs = 500;
const options = {
  autoIndex: false,
  bufferCommands: false,
  // So that whoever asks has an answer within 2 s.
  serverSelectionTimeoutMS: 1500,
  // A member that hangs is noticed after 3 s, and what waits for it is interrupted: operations need no
  // time limit of their own, so that long ones may be long.
  heartbeatFrequencyMS: 1000,
  connectTimeoutMS: 2000,
  writeConcern: { w: "majority" },
  readConcern: { level: "majority" },
  maxPoolSize: 50,
} as const;

/**
 * Opens MongoDB; waits up to 30 s for it at the start, later requests give up after 2 s. Where it is there and refuses
 * who asks, or its address can't be read, there is nothing to wait for.
 */
export async function connectMongo(uri: string, logger: Logger): Promise<Connection> {
  const connection = mongoose.createConnection();
  connection.on("error", (err) => logger.warn({ err, event: "mongo_error" }));
  connection.on("disconnected", () => logger.warn({ event: "mongo_down" }));
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return await connection.openUri(uri, options);
    } catch (cause) {
      if (isHopeless(cause))
        throw new Error("MongoDB can't be used as MONGODB_URI says.", { cause });
      if (Date.now() > deadline) throw new Error("MongoDB can't be reached.", { cause });
      logger.warn({ event: "mongo_awaited" });
      await pause(awaitEveryMs);
    }
  }
}

/** An address that can't be read, or AuthenticationFailed. The driver and its parser have a MongoParseError each. */
const isHopeless = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.name === "MongoParseError" || ("code" in thrown && thrown.code === 18));

/** Whether MongoDB refused a write because a unique key is taken (code 11000). */
export function isDuplicate(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === 11000;
}

const triesInARow = 7;
const longestInRowsMs = 30_000;

/** Says that the driver shall count tries from 1 again. */
class BeginAnew extends Error {}

/**
 * Runs `work` in one transaction, again when MongoDB asks for it; its answer is the answer. The driver pauses half
 * as long again after each try, up to 500 ms: beside newcomers, who pause for 5, who has waited long would wait for
 * ever. So its pauses begin anew after a few.
 */
export function transact<T>(
  connection: Connection,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + longestInRowsMs;
  const tryInARow = (session: Session) => {
    let tries = 0;
    return session.withTransaction(() => {
      tries += 1;
      if (tries > triesInARow && Date.now() < deadline) throw new BeginAnew();
      return work(session);
    });
  };
  return connection.withSession(async (session) => {
    for (;;) {
      try {
        return await tryInARow(session);
      } catch (err) {
        if (!(err instanceof BeginAnew)) throw err;
      }
    }
  }) as Promise<T>;
}
