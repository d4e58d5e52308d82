import { createRequire } from "node:module";
import mongoose from "mongoose";
import type { Logger } from "../infrastructure/logger.ts";
import type { Connection } from "../infrastructure/mongo.ts";
import { splitDocuments } from "./parsing/bson.ts";

/**
 * The driver has no public way to insert finished BSON. One internal operation takes it (mongodb 7.8.0,
 * lib/operations/insert.js: `serializedOperations` become the command's document sequence as they are), with
 * everything around it still the driver's: pool, authentication, TLS, failover, retries. It is tried at the
 * start; a driver that has changed makes way for the public `command`, which costs more CPU.
 */

const { deserialize } = mongoose.mongo.BSON;

type Reply = {
  writeErrors?: { code: number; errmsg?: string }[];
  writeConcernError?: { code: number; errmsg?: string };
};

export type Insertion = { collection: string; collectionUUID: unknown; records: Uint8Array };

/** Inserts documents that stand in BSON one after the other, unordered; the reply's errors are the caller's. */
export type InsertRaw = (insertion: Insertion) => Promise<Reply>;

/** What is used of the driver's inside. */
type Operation = { buildCommandDocument(connection: unknown, session?: unknown): object };
export type Inside = {
  InsertOperation: new (
    namespace: unknown,
    documents: object[],
    options: object,
    serialized: Uint8Array[],
  ) => Operation;
  executeOperation: (client: unknown, operation: Operation) => Promise<Reply>;
};

const options = { ordered: false, writeConcern: { w: "majority" } } as const;

/** From the same copy of the driver that mongoose uses. */
function loadInside(): Inside {
  const require = createRequire(createRequire(import.meta.url).resolve("mongoose"));
  const { InsertOperation } = require("mongodb/lib/operations/insert");
  const { executeOperation } = require("mongodb/lib/operations/execute_operation");
  return { InsertOperation, executeOperation };
}

export function createRawInsert(
  connection: Connection,
  logger: Pick<Logger, "warn">,
  load = loadInside,
): InsertRaw {
  try {
    return throughInside(connection, load());
  } catch (err) {
    logger.warn({ err, event: "raw_insert_unavailable" });
    return throughCommand(connection);
  }
}

/** Throws unless the operation makes the very command that it is to make. */
function throughInside(connection: Connection, inside: Inside): InsertRaw {
  const { InsertOperation, executeOperation } = inside;
  if (typeof executeOperation !== "function") throw new TypeError("no executeOperation");

  class RawInsert extends InsertOperation {
    readonly #uuid: unknown;

    constructor({ collection, collectionUUID, records }: Insertion) {
      super(namespaceOf(connection, collection), [{}], options, [records]);
      this.#uuid = collectionUUID;
    }

    /** A batch that is sent again is harmless: MongoDB needn't write down that it has seen it. */
    static {
      Object.defineProperty(RawInsert.prototype, "canRetryWrite", { value: false });
    }

    override buildCommandDocument(to: unknown, session?: unknown): object {
      return { ...super.buildCommandDocument(to, session), collectionUUID: this.#uuid };
    }
  }
  checkCommand((insertion) => new RawInsert(insertion));
  return (insertion) => executeOperation(connection.getClient(), new RawInsert(insertion));
}

/** The driver's own form of `database.collection`, which collections keep to themselves. */
function namespaceOf({ db }: Connection, name: string): unknown {
  const collection: object | undefined = db?.collection(name);
  return collection && "fullNamespace" in collection ? collection.fullNamespace : undefined;
}

type Sequence = { toBin?: () => Uint8Array };

function checkCommand(make: (insertion: Insertion) => Operation): void {
  const records = mongoose.mongo.BSON.serialize({ _id: 1 });
  const command = make({ collection: "check", collectionUUID: "uuid", records });
  const made = command.buildCommandDocument({}) as Record<string, unknown>;
  const sequence = (made.documents as Sequence).toBin?.();
  const isWhole =
    sequence && Buffer.from(sequence).subarray(-records.length).equals(Buffer.from(records));
  const isRight =
    made.insert === "check" && made.ordered === false && made.collectionUUID === "uuid";
  if (!isWhole || !isRight) throw new Error("The driver's insert operation has changed.");
}

/** The public way: the driver makes the same bytes again of objects made of these. */
function throughCommand({ db }: Connection): InsertRaw {
  return async ({ collection, collectionUUID, records }) => {
    const documents = [...splitDocuments(records)].map((one) =>
      deserialize(one, { promoteBuffers: true }),
    );
    const command = { insert: collection, documents, collectionUUID, ...options };
    return (await db?.command(command)) as Reply;
  };
}
