import mongoose from "mongoose";

const { deserialize, serialize } = mongoose.mongo.BSON;

/** Documents in BSON, one after the other. */
export const toBson = (documents: object[]): Uint8Array =>
  Buffer.concat(documents.map((document) => serialize(document)));

/** The documents that stand one after the other in BSON. */
export function fromBson<Document>(bson: Uint8Array): Document[] {
  const documents: Document[] = [];
  const bytes = Buffer.from(bson.buffer, bson.byteOffset, bson.length);
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readInt32LE(at);
    documents.push(deserialize(bytes.subarray(at, end)) as Document);
    at = end;
  }
  return documents;
}
