import { Schema } from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";

const knownSeconds = 30 * 24 * 3600;

const schema = new Schema(
  {
    /** a hash of account and network: it can be asked for, not listed */
    _id: { type: String, required: true },
    signedInAt: { type: Date, required: true },
  },
  { collection: "known_addresses", versionKey: false },
);
schema.index({ signedInAt: 1 }, { expireAfterSeconds: knownSeconds });

export const createKnownAddressModel = (connection: Connection) =>
  connection.model("KnownAddress", schema);
