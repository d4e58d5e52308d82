import mongoose from "mongoose";

const { deserialize, serialize } = mongoose.mongo.BSON;

/** Documents in BSON, one after the other. */
export const toBson = (documents: object[]): Uint8Array =>
  Buffer.concat(documents.map((document) => serialize(document)));

/** The documents that stand one after the other in BSON, each in its bytes. */
export function splitBson(bson: Uint8Array): Buffer[] {
  const documents: Buffer[] = [];
  const bytes = Buffer.from(bson.buffer, bson.byteOffset, bson.length);
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readInt32LE(at);
    documents.push(bytes.subarray(at, end));
    at = end;
  }
  return documents;
}

/** As objects. */
export const fromBson = <Document>(bson: Uint8Array): Document[] =>
  splitBson(bson).map((bytes) => deserialize(bytes) as Document);
