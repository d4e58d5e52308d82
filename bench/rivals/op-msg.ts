import { once } from "node:events";
import { connect } from "node:net";
import mongoose from "mongoose";

const { serialize, deserialize } = mongoose.mongo.BSON;
const opMsg = 2013;
const headerBytes = 16;
const flagBytes = 4;

/** `documents` are so many in BSON, one after the other. */
export type Batch = { documents: Buffer; count: number };
export type Target = { host: string; port: number; database: string; collection: string };

/**
 * Inserts finished batches over bare TCP, one after another on each of so many connections. MongoDB wire
 * protocol, OP_MSG: the command is a section of kind 0, its documents are one of kind 1.
 */
export async function insertBatches(to: Target, batches: Batch[], inFlight: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    const connection = await open(to);
    for (let batch = batches[next++]; batch; batch = batches[next++]) {
      const reply = deserialize(await connection.ask(batch.documents));
      if (reply.n !== batch.count) throw new Error(JSON.stringify(reply));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

async function open({ host, port, database, collection }: Target) {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  const incoming: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  const writeConcern = { w: "majority" };
  const command = serialize({ insert: collection, $db: database, ordered: false, writeConcern });

  async function readReply(): Promise<Buffer> {
    let reply: Buffer = Buffer.alloc(0);
    while (reply.length < headerBytes || reply.length < reply.readInt32LE()) {
      const { done, value } = await incoming.next();
      if (done) throw new Error("mongod closed the connection");
      reply = reply.length === 0 ? value : Buffer.concat([reply, value]);
    }
    return reply.subarray(headerBytes + flagBytes + 1);
  }

  return {
    ask(documents: Buffer): Promise<Buffer> {
      socket.cork();
      socket.write(headOf(command, documents.length));
      socket.write(documents);
      socket.uncork();
      return readReply();
    },
    close: () => socket.destroy(),
  };
}

/** Everything before the documents: header, flags, the command, the beginning of their section. */
function headOf(command: Uint8Array, documentsBytes: number): Buffer {
  const identifier = Buffer.from("documents\0");
  const sequenceBytes = 4 + identifier.length + documentsBytes;
  const total = headerBytes + flagBytes + 1 + command.length + 1 + sequenceBytes;
  const start = Buffer.alloc(headerBytes + flagBytes + 1);
  start.writeInt32LE(total, 0);
  start.writeInt32LE(opMsg, 12);
  const sequence = Buffer.alloc(1 + 4);
  sequence.writeUInt8(1, 0);
  sequence.writeInt32LE(sequenceBytes, 1);
  return Buffer.concat([start, command, sequence, identifier]);
}
